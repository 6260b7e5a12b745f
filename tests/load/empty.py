"""The endpoint that others are measured by: FastAPI reads the same body with pydantic, and does nothing."""

from fastapi import FastAPI
from pydantic import BaseModel


class Body(BaseModel):
    text: str


app = FastAPI()


@app.post("/v1/score")
async def score(body: Body) -> dict[str, bool]:
    return {"taken": bool(body.text)}
