-- Posts the lines of the file BODIES in turn to PATH_TO, each connection waiting PAUSE_MS on average; prints one JSON object.
local bodies, at, pause = {}, 0, tonumber(os.getenv("PAUSE_MS") or "0")

function init(args)
  for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
  math.randomseed(tonumber(tostring({}):match("0x(%x+)"), 16) % 2147483647)
  at = math.random(#bodies)
  if pause == 0 then delay = nil end
end

function delay()
  return math.floor(-math.log(1 - math.random()) * pause + 0.5)
end

function request()
  at = at % #bodies + 1
  return wrk.format("POST", os.getenv("PATH_TO"), { ["Content-Type"] = "application/json" }, bodies[at])
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format('{"requests": %d, "seconds": %.3f, "errors": %d, "p50_ms": %.2f, "p99_ms": %.2f, "most_ms": %.2f}\n',
    summary.requests, summary.duration / 1e6, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000))
end
