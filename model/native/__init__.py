"""The inner loops, in C: hashing, looking up, walking the phrases, adding up. `libkernel.so` is compiled on installing (see `build.py`).

The arrays are NumPy's and stay in Python; the kernel reads them and fills buffers that are handed to it.
"""
