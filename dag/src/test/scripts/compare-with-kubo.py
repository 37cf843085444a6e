#!/usr/bin/env python3
"""Compares the Cids, names and order of what is added with those of Kubo, case by case.

    compare-with-kubo.py IPFS_BINARY CLASSPATH [FILTER] [GOLDEN]

IPFS_BINARY is a Kubo of 0.42 or newer, CLASSPATH that of the tests of the module dag. FILTER is a part of the cases to run.
GOLDEN is a file to write with what Kubo says of those whose input is easily made again; the unit tests read it. All else lies
in a temporary folder.
"""
import hashlib
import itertools
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

IPFS, CLASSPATH = sys.argv[1], sys.argv[2]
ONLY = sys.argv[3] if len(sys.argv) > 3 else ""
GOLDEN = open(sys.argv[4], "w") if len(sys.argv) > 4 else None
ROOT = tempfile.mkdtemp(prefix="kafila-compare-")
ENV = dict(os.environ, IPFS_PATH=os.path.join(ROOT, "repo"), LC_ALL="C.UTF-8")


def ipfs(*args, check=True):
    p = subprocess.run([IPFS, *args], env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if check and p.returncode:
        raise SystemExit("ipfs %s: %s" % (" ".join(args), p.stderr.decode()))
    return p


def stream(seed, size):
    """Bytes that depend on the seed alone."""
    blocks = (hashlib.sha256(b"%s:%d" % (seed.encode(), i)).digest() for i in range((size + 31) // 32))
    return b"".join(blocks)[:size]


def escaped(line):
    """A line as Kubo's command prints it."""
    if line.isprintable() and "\\" not in line:
        return line
    return line.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")


files = {}


def file(size, seed="a", kind="random"):
    key = (size, seed, kind)
    if key not in files:
        path = os.path.join(ROOT, "f-%s-%s-%d" % (kind, seed, size))
        data = stream(seed, size) if kind == "random" else b"\0" * size if kind == "zero" else (b"abc " * (size // 4 + 1))[:size]
        with open(path, "wb") as f:
            f.write(data)
        os.utime(path, ns=(1700000000123456789, 1700000000123456789))
        os.chmod(path, 0o640)
        files[key] = path
    return files[key]


def tree(name, build):
    path = os.path.join(ROOT, name)
    os.mkdir(path)
    build(path)
    return path


def put(path, data=b""):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def flat(count, length=12, size=0):
    def build(path):
        for i in range(count):
            put(os.path.join(path, ("%06d" % i).ljust(length, "n")), b"x" * size if size else b"%d" % i)
    return build


def odd(path):
    for name in ["a b", "ü", "u\u0308", "日本語", "🚀", "-dash", "quo\"te", "back\\slash", "new\nline", "tab\tx", "Z", "a", "A", "é" * 60, "x" * 255, "~", " ", "..."]:
        put(os.path.join(path, name), name.encode())
    put(os.path.join(path, ".hidden"), b"h")
    put(os.path.join(path, ".hiddendir/in"), b"h")


def nested(path):
    put(os.path.join(path, "a/b/c/d/e"), b"deep")
    put(os.path.join(path, "a/b.txt"), b"b")
    put(os.path.join(path, "a.txt"), stream("n", 3000))
    put(os.path.join(path, "big"), stream("n", 700000))
    os.makedirs(os.path.join(path, "empty/empty/empty"))
    os.makedirs(os.path.join(path, "z/only-empty"))
    put(os.path.join(path, "zero"))
    os.symlink("a/b.txt", os.path.join(path, "link"))
    os.symlink("a/b", os.path.join(path, "dirlink"))
    put(os.path.join(path, "node_modules/x.js"), b"js")
    put(os.path.join(path, "a/skip.log"), b"log")
    put(os.path.join(path, "a/keep.log"), b"log")
    os.chmod(os.path.join(path, "a.txt"), 0o755)
    os.chmod(os.path.join(path, "zero"), 0o4711)
    os.chmod(os.path.join(path, "a/b"), 0o1777)
    for folder, dirs, names in os.walk(path):
        for n in names + dirs:
            p = os.path.join(folder, n)
            os.utime(p, ns=(1600000000000000000, 1600000000000000000 + len(n) * 1000), follow_symlinks=False)
    os.utime(path, ns=(-5000000000, -5000000000))


cases = []  # (profile, kubo import config, our flags, kubo flags, path)


def case(profile, path, *flags, config=None, ours=()):
    cases.append((profile, tuple(sorted((config or {}).items())), tuple(flags) + tuple(ours), tuple(flags), path))


V1, V0, K0 = "unixfs-v1-2025", "unixfs-v0-2015", "default"
MIB = 1 << 20

for profile, chunk in ((V1, MIB), (V0, 256 * 1024)):
    for size in (0, 1, 31, 32, 33, 1000, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 17):
        case(profile, file(size))
    case(profile, file(174 * 256 * 1024))
    case(profile, file(174 * 256 * 1024 + 1))
for width in (2, 3, 5):
    for leaves in (1, 2, 3, 4, 5, 6, 8, 9, 10, 16, 17, 24, 25, 26, 27, 28, 125, 126, 250):
        for delta in (-1, 0, 1):
            for layout in ((), ("--trickle",)):
                size = leaves * 64 + delta
                case(K0, file(size), "--max-file-links=%d" % width, "--chunker=size-64", *layout)
for chunker in ("size-1", "size-7", "size-262144", "size-1000000", "size-2096896", "rabin", "rabin-65536", "rabin-16-24-32", "rabin-min:512-avg:1024-max:2048", "rabin-262144-524288-1048576", "buzhash", "default"):
    sizes = (0, 1, 15, 16, 17, 31, 33, 100, 3000) if chunker in ("size-1", "size-7", "rabin-16-24-32") else (0, 1, 100, 131071, 131072, 131073, 262144, 524287, 524288, 524289, 3 * MIB + 5)
    for size in sizes:
        case(K0, file(size), "--chunker=" + chunker)
    if len(sizes) > 9:
        for kind in ("zero", "text"):
            case(K0, file(2 * MIB + 3, "k", kind), "--chunker=" + chunker, "--cid-version=1")
        case(K0, file(9 * MIB + 77, "big"), "--chunker=" + chunker, "--trickle")
        case(V1, file(9 * MIB + 77, "big"), "--chunker=" + chunker)
for flags in (("--cid-version=1",), ("--cid-version=1", "--raw-leaves=false"), ("--raw-leaves",), ("--cid-version=0", "--raw-leaves"), ("--hash=sha2-512",), ("--hash=blake2b-256",), ("--hash=sha3-256", "--raw-leaves=false"), ("--hash=blake3",), ("--inline",), ("--inline", "--cid-version=1"), ("--inline", "--inline-limit=64"), ("--inline", "--inline-limit=128", "--raw-leaves"), ("--inline", "--hash=sha2-512"), ("--trickle", "--raw-leaves"), ("--trickle", "--cid-version=1"), ("--trickle", "--inline"), ("--cid-version=0", "--hash=sha2-512"), ("--inline", "--inline-limit=129"), ("--raw-leaves", "--mtime=5"), ("--cid-version=2",)):
    for size in (0, 1, 30, 32, 60, 100, 118, 128, 129, 600, 262144, 262145, 600000):
        case(K0, file(size), *flags)
for flags in (("--mode=0644",), ("--mode=04755",), ("--mtime=1700000000",), ("--mtime=-5",), ("--mtime=1700000000", "--mtime-nsecs=999999999"), ("--preserve-mode",), ("--preserve-mtime",), ("--preserve-mode", "--preserve-mtime"), ("--mode=0600", "--preserve-mode"), ("--mode=0600", "--mtime=7", "--trickle"), ("--preserve-mtime", "--cid-version=1"), ("--mode=0644", "--inline")):
    for size in (0, 5, 262144, 262145, 600000):
        case(K0, file(size), *flags)
for flags in (("--cid-version=0",), ("--raw-leaves=false",), ("--trickle",), ("--inline",), ("--hash=sha2-512",), ("--max-file-links=3",)):
    for size in (0, 20, MIB, 5 * MIB + 3):
        case(V1, file(size), *flags)

N, O = tree("nested", nested), tree("odd", odd)
E = tree("emptydir", lambda p: None)
rules = os.path.join(ROOT, "rules")
put(rules, b"# c\n*.log\r\n!keep.log\n\n  a.txt  \n")
for path in (N, O, E):
    for profile in (V1, V0, K0):
        for flags in ((), ("--wrap-with-directory",), ("--hidden",), ("--empty-dirs=false",), ("--ignore=*.log",), ("--ignore=a",), ("--ignore=node_modules/", "--ignore=b*"), ("--ignore-rules-path=" + rules,), ("--ignore=*.log", "--ignore=!keep.log", "--ignore-rules-path=" + rules), ("--inline",), ("--inline", "--inline-limit=128"), ("--cid-version=1",), ("--dereference-symlinks",), ("--trickle",)):
            case(profile, path, *flags)
    for flags in (("--preserve-mode",), ("--preserve-mtime",), ("--preserve-mode", "--preserve-mtime", "--wrap-with-directory"), ("--mode=0755", "--mtime=99"), ("--mode=0755", "--mtime=99", "--mtime-nsecs=7", "--wrap-with-directory", "--cid-version=1"), ("--mode=0700", "--empty-dirs=false")):
        case(K0, path, *flags)
        case(K0, path, *flags, config={"UnixFSDirectoryMaxLinks": 3}, ours=("--max-directory-links=3",))
for i, rule in enumerate(("a.t?t", "b*", "**/c", "/a", "a/**", "*", "[a-z]*", "a/b.txt", "foo/*.txt", "!a", "\\#x", "a b", "d*/", ".", "(")):
    case(K0, N, "--ignore=" + rule)

D = {}
for count, length, size in ((1, 12, 0), (2, 12, 0), (7, 12, 0), (100, 12, 0), (257, 12, 0), (1000, 200, 0), (2000, 200, 0), (6000, 12, 0), (10000, 12, 3), (20000, 6, 3)):
    D[count] = tree("flat%d" % count, flat(count, length, size))
    for profile in (V1, V0, K0):
        case(profile, D[count])
for fanout in (8, 16, 64, 512, 1024):
    for count in (7, 100, 257, 1000):
        case(K0, D[count], "--max-hamt-fanout=%d" % fanout, "--max-directory-links=5")
        case(V1, D[count], "--max-hamt-fanout=%d" % fanout, "--max-directory-links=5")
for links in (1, 2, 6, 7, 8, 99, 100):
    for estimation in ("links", "block", "disabled"):
        for count in (7, 100):
            case(K0, D[count], "--max-directory-links=%d" % links, config={"UnixFSHAMTDirectorySizeEstimation": estimation}, ours=("--estimation=" + estimation,))
case(K0, D[7], "--max-hamt-fanout=12")
case(K0, D[7], "--max-hamt-fanout=2048")
case(K0, D[100], "--max-directory-links=5", "--mode=0755", "--mtime=9")
case(K0, D[100], "--max-directory-links=5", "--inline")
case(K0, D[100], "--max-directory-links=5", "--hash=sha2-512")
case(K0, D[20000], config={"UnixFSHAMTDirectorySizeEstimation": "disabled"}, ours=("--estimation=disabled",))
# Around the threshold: 200 entries of one byte each; names of 12 bytes.
for estimation, v in itertools.product(("links", "block"), (0, 1)):
    per = 12 + (36 if v else 34) if estimation == "links" else 2 + 2 + (36 if v else 34) + 2 + 12 + 2
    base = 100 * per + (0 if estimation == "links" else 4)
    for delta in (-3, -2, -1, 0, 1, 2, 3, per):
        case(K0, D[100], "--cid-version=%d" % v, "--raw-leaves=%s" % ("true" if v else "false"), config={"UnixFSHAMTDirectorySizeEstimation": estimation, "UnixFSHAMTDirectorySizeThreshold": "%dB" % (base + delta)}, ours=("--estimation=" + estimation, "--threshold=%d" % (base + delta)))
        case(K0, D[100], "--cid-version=%d" % v, "--mode=0755", "--mtime=77", config={"UnixFSHAMTDirectorySizeEstimation": estimation, "UnixFSHAMTDirectorySizeThreshold": "%dB" % (base + delta + (0 if estimation == "links" else 7))}, ours=("--estimation=" + estimation, "--threshold=%d" % (base + delta + (0 if estimation == "links" else 7))))

cases = [c for c in cases if ONLY in " ".join(map(str, c))]
ipfs("init", "--profile=test")
ipfs("config", "--json", "Datastore.Spec", json.dumps({"mounts": [{"child": {"path": "blocks", "shardFunc": "/repo/flatfs/shard/v1/next-to-last/2", "sync": False, "type": "flatfs"}, "mountpoint": "/blocks", "prefix": "flatfs.datastore", "type": "measure"}, {"child": {"compression": "none", "path": "datastore", "type": "levelds"}, "mountpoint": "/", "prefix": "leveldb.datastore", "type": "measure"}], "type": "mount"}), check=False)
config_path = os.path.join(ENV["IPFS_PATH"], "config")
plain = json.load(open(config_path))
profiles = {K0: {}}
for name in (V1, V0):
    ipfs("config", "profile", "apply", name)
    profiles[name] = json.load(open(config_path))["Import"]
    json.dump(plain, open(config_path, "w"))

java = subprocess.Popen(["java", "-Dfile.encoding=UTF-8", "-cp", CLASSPATH, "io.kafila.dag.unixfs.AddMain"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=ENV)
failed = same = refused = ours_only = 0
start = time.time()
for profile, config, ours, theirs, path in cases:
    wanted = dict(plain)
    wanted["Import"] = dict(profiles[profile], **dict(config))
    json.dump(wanted, open(config_path, "w"))
    p = ipfs("add", "-r", "--pin=false", "--fast-provide-root=false", "--progress=false", *theirs, path, check=False)
    kubo = ("\n" + p.stdout.decode("utf-8", "surrogateescape").rstrip("\n")).split("\nadded ")[1:]
    theirs_root = kubo[-1].split(" ")[0] if kubo else ""
    # A profile that was applied is explicit in Kubo's configuration; without one Kubo's defaults are those of 2015.
    applied = ["--cid-version=0", "--raw-leaves=false"] if profile == V0 else []
    java.stdin.write("\t".join([V0 if profile == K0 else profile, *applied, *ours, path]).encode() + b"\n")
    java.stdin.flush()
    answer = java.stdout.readline().decode()
    while answer and not answer.endswith("\x00\n"):
        answer += java.stdout.readline().decode()
    mine = [escaped(line) for line in answer[:-2].split("\x1f")]
    if p.returncode:
        if mine[0].startswith("error"):
            refused += 1
        else:
            ours_only += 1
            print("ONLY OURS", profile, theirs, os.path.basename(path), p.stderr.decode().strip().splitlines()[-1:])
    elif mine == kubo:
        same += 1
        name = os.path.basename(path)
        if GOLDEN and (name.startswith("f-") and int(name.split("-")[3]) <= 10 * MIB or name.startswith("flat")):
            flags = [f for f in applied + list(ours) if not f.startswith("--preserve")]
            if len(flags) == len(applied) + len(ours):
                GOLDEN.write("\t".join([V0 if profile == K0 else profile, " ".join(flags), name, theirs_root]) + "\n")
    else:
        failed += 1
        print("DIFFERENT", profile, config, theirs, os.path.basename(path))
        for a, b in itertools.zip_longest(kubo, mine):
            if a != b:
                print("   kubo", repr(a)[:160])
                print("   ours", repr(b)[:300])
                break
java.stdin.close()
java.wait()
shutil.rmtree(ROOT)
print("%d cases: %d the same, %d refused by both, %d added only here, %d different; %.0f s" % (len(cases), same, refused, ours_only, failed, time.time() - start))
sys.exit(1 if failed else 0)
