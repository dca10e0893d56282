"""The files of another program: python3-zarr (Debian) writes what is read here, and reads what is written here.

    python_zarr.py write FOLDER      several arrays of the same values, and an OME-Zarr
    python_zarr.py read ARRAY        prints shape, type and the sum of the values times their index
"""
import sys

import numcodecs
import numpy
import zarr


def values(shape, dtype):
    # nothing that another order of bytes, rows or chunks would leave as it is
    count = int(numpy.prod(shape))
    return ((numpy.arange(count) * 7919) % 1000 / (1 if numpy.dtype(dtype).kind != "f" else 8)).astype(dtype).reshape(shape)


def write(folder):
    shape, chunks = (3, 21, 34), (2, 8, 16)
    kinds = {
        "blosc-u2": ("<u2", numcodecs.Blosc("lz4", 5, numcodecs.Blosc.SHUFFLE)),
        "blosc-zstd-f4": ("<f4", numcodecs.Blosc("zstd", 3, numcodecs.Blosc.BITSHUFFLE)),
        "zlib-i2": (">i2", numcodecs.Zlib(1)),
        "gzip-f8": ("<f8", numcodecs.GZip(1)),
        "zstd-u4": ("<u4", numcodecs.Zstd(1)),
        "raw-u2": (">u2", None),
    }
    for name, (dtype, compressor) in kinds.items():
        array = zarr.open(folder + "/" + name, mode="w", shape=shape, chunks=chunks, dtype=dtype, compressor=compressor)
        array[:] = values(shape, dtype)
    group = zarr.open_group(folder + "/ome", mode="w")
    array = group.create_dataset("0", shape=(2, 3, 64, 72), chunks=(1, 1, 32, 32), dtype="u1", dimension_separator="/")
    array[:] = values((2, 3, 64, 72), "u1")
    array[1, 2] = 0
    group.attrs["multiscales"] = [{"version": "0.4", "axes": [{"name": "c", "type": "channel"}, {"name": "z", "type": "space"}, {
        "name": "y", "type": "space"}, {"name": "x", "type": "space"}], "datasets": [{"path": "0", "coordinateTransformations": [{
            "type": "scale", "scale": [1, 2, 0.5, 0.5]}]}]}]


def read(folder):
    array = zarr.open(folder, mode="r")
    flat = array[:].ravel().astype(float)
    print(array.shape, array.dtype, float((flat * (numpy.arange(flat.size) % 97)).sum()))


if __name__ == "__main__":
    (write if sys.argv[1] == "write" else read)(sys.argv[2])
