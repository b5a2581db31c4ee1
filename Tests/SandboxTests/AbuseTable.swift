// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Sandbox
import Testing

/// One way to misuse a sandbox, and what must come of it.
struct Abuse: Sendable, CustomTestStringConvertible {
    /// How a case may end.
    enum End: Sendable {
        /// Exactly so.
        case outcome(SandboxOutcome)
        /// One of these.
        case anyOf([SandboxOutcome])
    }

    /// The case's number in the list of expected abuse, and its name.
    let name: String
    let language: SandboxLanguage
    let code: String
    let end: End
    /// Standard output, exactly; nil where it does not matter.
    var prints: String?
    var milliseconds = 20_000
    var memory = 256 << 20
    var scratch = 64 << 20
    var outputBytes = 1 << 20

    /// What differs where the code's system calls end in a kernel of its own: what they may answer there.
    var onKernel: Kernel?

    var testDescription: String { name }

    /// How a case may end on a kernel of its own, which answers some calls that the host's must refuse.
    struct Kernel: Sendable {
        var ends: [SandboxOutcome]?
        var isFine: @Sendable (String) -> Bool = { _ in true }
    }

    /// The same case with another end on a kernel of its own.
    func onKernel(
        _ ends: [SandboxOutcome]? = nil, _ isFine: @escaping @Sendable (String) -> Bool = { _ in true }
    ) -> Abuse {
        var abuse = self
        abuse.onKernel = Kernel(ends: ends, isFine: isFine)
        return abuse
    }

    init(
        _ name: String, _ end: End, by language: SandboxLanguage = .python, prints: String? = nil,
        milliseconds: Int = 20_000, memory: Int = 256 << 20, scratch: Int = 64 << 20, outputBytes: Int = 1 << 20,
        _ code: String
    ) {
        self.name = name
        self.language = language
        self.code = code
        self.end = end
        self.prints = prints
        self.milliseconds = milliseconds
        self.memory = memory
        self.scratch = scratch
        self.outputBytes = outputBytes
    }

    static let all = consumption + output + endings + surroundings + calls + more

    /// The outcomes that are right.
    var ends: [SandboxOutcome] {
        switch end {
        case .outcome(let outcome): [outcome]
        case .anyOf(let outcomes): outcomes
        }
    }

    /// Calls by number, through the C library.
    static let raw = """
        import ctypes, errno
        libc = ctypes.CDLL(None, use_errno=True)
        def call(*words):
            ctypes.set_errno(0)
            result = libc.syscall(*[ctypes.c_long(word) for word in words])
            return 'ok' if result >= 0 else errno.errorcode.get(ctypes.get_errno(), '?')

        """

    static let consumption = [
        Abuse("1 busy loop", .outcome(.timeout), milliseconds: 400, "while True: pass"),
        Abuse(
            "1 busy loop of the shell", .outcome(.timeout), by: .shell, milliseconds: 400, "while :; do :; done"),
        Abuse(
            "2 ignores all signals", .outcome(.timeout), milliseconds: 400,
            """
            import signal
            for number in range(1, 65):
                try: signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError): pass
            signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
            while True: pass
            """),
        Abuse(
            "3 fork bomb", .outcome(.timeout), milliseconds: 800,
            """
            import os
            while True:
                try: os.fork()
                except OSError: pass
            """),
        Abuse(
            "3 fork bomb of the shell", .anyOf([.timeout, .exited(2), .outOfMemory]), by: .shell, milliseconds: 800,
            "b() { b | b & }; b; while :; do :; done"),
        Abuse(
            "3 no more than 64 processes", .outcome(.exited(0)), prints: "63 EAGAIN\n",
            """
            import errno, os, time
            count = 0
            while True:
                try: child = os.fork()
                except OSError as error:
                    print(count, errno.errorcode[error.errno])
                    os._exit(0)
                if child == 0:
                    time.sleep(30)
                    os._exit(0)
                count += 1
            """),
        Abuse(
            "4 threads", .outcome(.exited(0)), prints: "63 can't start new thread\n",
            """
            import os, threading, time
            count = 0
            try:
                while True:
                    threading.Thread(target=time.sleep, args=(30,), daemon=True).start()
                    count += 1
            except RuntimeError as error: print(count, error, flush=True)
            os._exit(0)
            """),
        Abuse(
            "5 memory bomb", .outcome(.outOfMemory), memory: 64 << 20,
            """
            pieces = []
            while True: pieces.append(b'x' * (1 << 20))
            """),
        Abuse(
            "6 memory files", .outcome(.outOfMemory), memory: 64 << 20,
            """
            import os
            file = os.memfd_create('x')
            while True: os.write(file, b'x' * (1 << 20))
            """
        ).onKernel([.outOfMemory, .exited(1)]),
        Abuse(
            "6 shared memory", .outcome(.exited(0)), prints: "16777216 28\n",
            """
            import os
            file, size = os.open('/dev/shm/x', os.O_CREAT | os.O_WRONLY), 0
            try:
                while True: size += os.write(file, b'x' * 65536)
            except OSError as error: print(size, error.errno)
            """),
        Abuse(
            "7 fills /tmp", .outcome(.exited(0)), prints: "8388608 28\n", scratch: 8 << 20,
            """
            import os
            size = 0
            try:
                for number in range(1000):
                    file = os.open('/tmp/%d' % number, os.O_CREAT | os.O_WRONLY)
                    for _ in range(16): size += os.write(file, b'x' * 65536)
            except OSError as error: print(size, error.errno)
            """),
        Abuse(
            "7 writes elsewhere", .outcome(.exited(0)), prints: "30 30 30 30 30 30\n",
            """
            import os
            found = []
            for place in ['/x', '/usr/x', '/usr/bin/x', '/etc/x', '/job/x', '/dev/x']:
                try: os.close(os.open(place, os.O_CREAT | os.O_WRONLY)); found.append('open')
                except OSError as error: found.append(str(error.errno))
            print(*found)
            """
        ).onKernel { !$0.contains("open") },
        // Where the file system is full first, the program ends by its own error.
        Abuse(
            "8 inode bomb", .anyOf([.outOfMemory, .timeout, .exited(1)]), milliseconds: 1500, memory: 64 << 20,
            """
            number = 0
            while True:
                open('/tmp/%d' % number, 'w').close()
                number += 1
            """),
        Abuse(
            "32 sparse file and pipes", .outcome(.exited(0)), prints: "27\nbounded\n",
            """
            import os, signal
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            file = os.open('/tmp/x', os.O_CREAT | os.O_WRONLY)
            try: os.ftruncate(file, 1 << 40); print('sparse')
            except OSError as error: print(error.errno)
            try:
                while True:
                    ends = os.pipe()
                    os.set_blocking(ends[1], False)
                    try:
                        while True: os.write(ends[1], b'x' * 65536)
                    except BlockingIOError: pass
            except OSError as error: print('bounded')
            """),
        Abuse(
            "32 descriptors", .outcome(.exited(0)), prints: "24\n",
            """
            import os
            try:
                while True: os.open('/dev/null', 0)
            except OSError as error: print(error.errno)
            """),
        Abuse(
            "27 deletes everything", .anyOf([.exited(0), .exited(1)]),
            """
            import os
            os.system('rm -rf --no-preserve-root / 2>/dev/null')
            print(os.path.exists('/usr/bin/python3'))
            """),
    ]

    static let output = [
        Abuse(
            "9 endless output", .outcome(.outputLimit), outputBytes: 100_000,
            "import os\nwhile True: os.write(1, b'x' * 65536)"),
        Abuse(
            "10 endless errors while nothing is said", .outcome(.outputLimit), outputBytes: 100_000,
            "import os\nwhile True: os.write(2, b'x' * 4096)"),
        Abuse(
            "11 drips for ever", .outcome(.timeout), milliseconds: 600,
            "import time\nwhile True:\n    print('drop')\n    time.sleep(0.02)"),
        Abuse(
            "14 closes its output and goes on", .outcome(.timeout), prints: "", milliseconds: 400,
            "import os\nos.close(1)\nos.close(2)\nwhile True: pass"),
        Abuse(
            "13 leaves a daemon", .outcome(.exited(0)), prints: "parent\n",
            """
            import os, time
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    time.sleep(60)
                os._exit(0)
            print('parent')
            """),
    ]

    static let endings = [
        Abuse("15 ends well", .outcome(.exited(0)), prints: "", "pass"),
        Abuse("15 ends with 7", .outcome(.exited(7)), "exit(7)"),
        Abuse("15 ends with 255", .outcome(.exited(255)), "import os\nos._exit(255)"),
        Abuse("15 ends with 3", .outcome(.exited(3)), by: .shell, "exit 3"),
        Abuse("15 crashes", .outcome(.signalled(11)), "import ctypes\nctypes.string_at(0)"),
        Abuse("15 kills itself", .outcome(.signalled(9)), "import os\nos.kill(os.getpid(), 9)"),
        Abuse("15 kills everything", .anyOf([.signalled(9), .exited(0), .exited(1)]), "import os\nos.kill(-1, 9)"),
        Abuse("31 dumps core", .outcome(.signalled(6)), "import os\nos.abort()"),
        Abuse(
            "31 leaves no core", .outcome(.exited(0)), prints: "[]\n",
            """
            import os
            for _ in range(20):
                child = os.fork()
                if child == 0: os.abort()
                os.waitpid(child, 0)
            print(os.listdir('/tmp'))
            """),
        Abuse("33 empty script", .outcome(.exited(0)), prints: "", ""),
        Abuse("33 empty script of the shell", .outcome(.exited(0)), by: .shell, prints: "", ""),
        Abuse("33 zero byte", .anyOf([.exited(0), .exited(1)]), "print(1)\0print(2)"),
        Abuse("33 another language", .anyOf([.exited(2), .exited(127)]), by: .shell, "import os\nprint(os.getpid())"),
        Abuse(
            "33 script of 10 MB", .outcome(.exited(0)), prints: "yes\n",
            String(repeating: "# nothing to see here\n", count: 480_000) + "print('yes')"),
        Abuse("45 a millisecond", .anyOf([.timeout]), milliseconds: 1, "while True: pass"),
    ]

    static let surroundings = [
        Abuse(
            "16 connects", .outcome(.exited(0)), prints: "97 97 97 97 97\n-1\n",
            """
            import socket
            found = []
            for host in ['1.1.1.1', '127.0.0.1', '169.254.169.254', '10.0.0.1', '192.0.2.1']:
                try: socket.create_connection((host, 80), timeout=1); found.append('open')
                except OSError as error: found.append(str(error.errno))
            print(*found)
            try: socket.getaddrinfo('example.com', 80); print('resolved')
            except OSError as error: print('-1' if error.errno else 'none')
            """
        ).onKernel { !$0.contains("open") && !$0.contains("resolved") },
        Abuse(
            "17 families", .outcome(.exited(0)), prints: "{97}\npair\n",
            """
            import socket
            found = set()
            for family in range(0, 64):
                for kind in (1, 2, 3, 5):
                    try: socket.socket(family, kind); found.add(('open', family, kind))
                    except OSError as error: found.add(error.errno)
            print(found)
            one, other = socket.socketpair()
            one.send(b'pair')
            print(other.recv(9).decode())
            """
        ).onKernel { text in
            // Those of its own network, which has nothing but a loopback; none that would leave the machine or reach it.
            ["'open', 17,", "'open', 38,", "'open', 40,", "'open', 44,", "'open', 31,"].allSatisfy {
                !text.contains($0)
            }
        },
        Abuse(
            "17 pairs of other families", .outcome(.exited(0)), prints: "{97}\n",
            """
            import socket
            found = set()
            for family in range(2, 64):
                try: socket.socketpair(family, 1); found.add(family)
                except OSError as error: found.add(error.errno)
            print(found)
            """
        ).onKernel { text in !text.contains("17") && !text.contains("40") },
        Abuse(
            "18 interfaces, routes, sockets", .outcome(.exited(0)), by: .shell, prints: "lo:\n1\n1\n",
            """
            tail -n +3 /proc/net/dev | awk '{print $1}'
            wc -l < /proc/net/route
            wc -l < /proc/net/unix
            """),
        Abuse(
            "20 kernel settings", .outcome(.exited(0)), prints: "",
            """
            import os
            for place in ['/proc/sys/kernel/core_pattern', '/proc/sys/vm/swappiness', '/proc/sysrq-trigger',
                          '/proc/sys/kernel/hostname', '/proc/self/oom_score_adj_', '/sys/kernel/mm/ksm/run',
                          '/proc/1/oom_score_adj', '/proc/sys/kernel/ns_last_pid', '/proc/irq/default_smp_affinity']:
                try:
                    os.close(os.open(place, os.O_WRONLY))
                    print('open', place)
                except OSError: pass
            """
        ).onKernel { $0.replacing("open /proc/1/oom_score_adj\n", with: "").isEmpty },
        Abuse(
            "21 descriptors", .outcome(.exited(0)), prints: "[0, 1, 2]\n",
            """
            import os
            found = []
            for number in range(4096):
                try: os.fstat(number); found.append(number)
                except OSError: pass
            print(found)
            """),
        Abuse(
            "25 privileges", .outcome(.exited(0)), by: .shell,
            prints: "CapInh:0000000000000000\nCapPrm:0000000000000000\nCapEff:0000000000000000\n"
                + "CapBnd:0000000000000000\nCapAmb:0000000000000000\nNoNewPrivs:1\nSeccomp:2\n0\n",
            """
            grep -E '^(Cap|NoNewPrivs|Seccomp:)' /proc/self/status | tr -d '\\t '
            awk '$2 != "/proc" && $2 !~ "^/dev" && $4 !~ /nosuid/ { n++ } END { print n + 0 }' /proc/mounts
            """
        ).onKernel { $0.contains("CapEff:0000000000000000\nCapBnd:0000000000000000\n") },
        Abuse(
            "26 devices", .outcome(.exited(0)),
            prints: "core fd full null ptmx pts random shm stderr stdin stdout tty urandom zero\nEPERM\n",
            """
            import errno, os, stat
            print(*sorted(os.listdir('/dev')))
            try:
                os.mknod('/tmp/mem', stat.S_IFCHR | 0o600, os.makedev(1, 1))
                os.read(os.open('/tmp/mem', os.O_RDONLY), 1)
                print('read')
            except OSError as error: print(errno.errorcode[error.errno])
            """
        ).onKernel { text in ["read", "kvm", "mem", "vsock", "kmsg"].allSatisfy { !text.contains($0) } },
        Abuse(
            "27 links that lead elsewhere", .outcome(.exited(0)), prints: "ENOENT ENOENT EXDEV ENOENT\n",
            """
            import errno, os
            found = []
            def attempt(body):
                try: body(); found.append('open')
                except OSError as error: found.append(errno.errorcode[error.errno])
            os.symlink('/etc/shadow', '/tmp/link')
            attempt(lambda: open('/tmp/link'))
            attempt(lambda: open('/tmp/../../../../etc/shadow'))
            attempt(lambda: os.link('/usr/bin/env', '/tmp/env'))
            attempt(lambda: open('/proc/self/root/etc/shadow'))
            print(*found)
            """),
        Abuse(
            "27 what is not shown", .outcome(.exited(0)), by: .shell,
            prints: "bin dev etc job lib lib64 proc tmp usr\n",
            """
            echo $(ls -A /)
            for place in /usr/local /home /root /var /run /sys /etc/shadow /etc/hostname /boot /opt /srv; do
                [ -e $place ] && echo $place
            done
            true
            """
        ).onKernel { $0.split(separator: "\n").allSatisfy { $0 == "/sys" || !$0.hasPrefix("/") } },
        Abuse(
            "29 terminal", .outcome(.exited(0)), prints: "ENXIO False False\n",
            """
            import errno, fcntl, os, termios
            try: os.open('/dev/tty', os.O_RDWR); print('open', end=' ')
            except OSError as error: print(errno.errorcode[error.errno], end=' ')
            print(os.isatty(0), os.isatty(1))
            for number in (0, 1, 2):
                try: fcntl.ioctl(number, termios.TIOCSTI, b'x'); print('injected')
                except OSError: pass
            """
        ).onKernel { $0.hasSuffix("False False\n") },
    ]

    static let calls = [
        Abuse(
            "22 namespaces and mounts", .outcome(.exited(0)), prints: "EPERM EPERM EPERM EPERM EPERM EPERM ENOSYS\n",
            raw + """
                # mount, unshare, setns, clone with a new user namespace, chroot, pivot_root, clone3
                print(call(165, 0, 0, 0, 0, 0), call(272, 0x10000000), call(308, 0, 0), call(56, 0x10000011, 0, 0, 0, 0),
                      call(161, 0), call(155, 0, 0), call(435, 0, 0))
                """
        ).onKernel { $0.hasPrefix("EPERM") },
        Abuse(
            "23 other processes' memory", .outcome(.exited(0)), prints: "EPERM EPERM EPERM\n",
            raw + """
                print(call(101, 16, 1, 0, 0), call(310, 1, 0, 0, 0, 0, 0), call(311, 1, 0, 0, 0, 0, 0))
                """
        ).onKernel { !$0.contains("ok") },
        Abuse(
            "24 what kernels are attacked with", .outcome(.exited(0)),
            prints: "ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS ENOSYS\n",
            raw + """
                # io_uring_setup, bpf, perf_event_open, userfaultfd, keyctl, add_key, vmsplice, memfd_secret, seccomp, shmget
                print(*[call(number, 0, 0, 0, 0, 0) for number in (425, 321, 298, 323, 250, 248, 278, 447, 317, 29)])
                """
        ).onKernel { !$0.contains("ok") },
        Abuse(
            "25 other users", .outcome(.exited(0)), prints: "EPERM EPERM EPERM EPERM\n",
            raw + "print(call(105, 0), call(106, 0), call(117, 0, 0, 0), call(126, 0, 0))"
        ).onKernel { !$0.contains("ok") },
        Abuse(
            "30 calls of 32 bits", .anyOf([.signalled(31), .signalled(11)]),
            """
            import ctypes, mmap
            code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
            code.write(b'\\xb8\\x14\\x00\\x00\\x00\\xcd\\x80\\xc3')
            print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))())
            """
        ).onKernel([.exited(0), .signalled(31), .signalled(11)]),
        Abuse(
            "30 calls of the x32 interface", .outcome(.signalled(31)), prints: "",
            raw + "print(call(0x40000000 | 39))"
        ).onKernel([.exited(0), .signalled(31)]) { !$0.contains("ok") },
        Abuse(
            "29 injection by raw call", .outcome(.exited(0)), prints: "ENOSYS ENOSYS ENOSYS\n",
            raw + "print(call(16, 0, 0x5412, 0), call(16, 0, 0x5410, 0), call(157, 22, 0, 0))"
        ).onKernel { !$0.contains("ok") },
    ]
}
