// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Sandbox

extension Abuse {
    /// Further cases: what attackers of a sandbox would try next.
    static let more = attempts + exhaustion

    private static let attempts = [
        Abuse(
            "46 writes memory through its files", .outcome(.exited(0)), prints: "refused refused\n",
            """
            import ctypes, os
            text = ctypes.create_string_buffer(b'mine')
            try: os.pwrite(os.open('/proc/self/mem', os.O_RDWR), b'also', ctypes.addressof(text))
            except OSError: pass
            found = []
            for name in ('/proc/1/mem', '/proc/%d/mem' % os.getppid()):
                try: os.pread(os.open(name, os.O_RDWR), 1, 0x400000); found.append('open')
                except OSError: found.append('refused')
            print(*found)
            """
        ).onKernel(),
        Abuse(
            "47 stops what has started it", .outcome(.timeout), prints: "", milliseconds: 600,
            """
            import os, signal
            for process in (os.getppid(), 1, 0, -1):
                for number in (signal.SIGTSTP, signal.SIGSTOP):
                    if process > 0:
                        try: os.kill(process, number)
                        except OSError: pass
            while True: pass
            """),
        Abuse(
            "48 waits at a fifo that nobody opens", .outcome(.timeout), by: .shell, prints: "", milliseconds: 400,
            "mkfifo /tmp/fifo; cat /tmp/fifo"),
        Abuse(
            "49 is always another process", .outcome(.exited(0)), prints: "parent\n",
            """
            import os, signal, sys
            if os.fork() == 0:
                os.setsid()
                for number in range(1, 32):
                    try: signal.signal(number, signal.SIG_IGN)
                    except OSError: pass
                while True:
                    try:
                        if os.fork() != 0: os._exit(0)
                    except OSError: pass
            print('parent')
            """),
        Abuse(
            "50 writes to its own input and reads its output", .outcome(.exited(0)), prints: "refused refused done\n",
            """
            import fcntl, os
            found = []
            def attempt(body):
                try: body(); found.append('open')
                except OSError: found.append('refused')
            attempt(lambda: os.pwrite(0, b'x', 0))
            attempt(lambda: os.ftruncate(0, 1 << 20))
            try: os.set_blocking(1, False)
            except OSError: pass
            try: fcntl.fcntl(1, 1031, 1 << 20)
            except OSError: pass
            os.set_blocking(1, True)
            print(*found, 'done')
            """
        ).onKernel { $0.hasSuffix("done\n") },
        Abuse(
            "51 makes programs set-user-id", .outcome(.exited(0)), prints: "65534 65534\n",
            """
            import os, subprocess
            for name in os.listdir('/usr/bin'):
                path = '/usr/bin/' + name
                try: marked = os.stat(path).st_mode & 0o6000
                except OSError: marked = 0
                if marked and name in ('su', 'mount', 'umount', 'newgrp', 'chsh', 'passwd', 'sudo', 'fusermount3'):
                    subprocess.run([path, '--version'], input=b'', stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                   timeout=5)
            with open('/usr/bin/id', 'rb') as source, open('/tmp/id', 'wb') as copy: copy.write(source.read())
            try: os.chmod('/tmp/id', 0o6755)
            except OSError: os.chmod('/tmp/id', 0o755)
            for word in ('-u', '-g'):
                print(subprocess.run(['/tmp/id', word], capture_output=True, text=True).stdout.strip(),
                      end=' ' if word == '-u' else '\\n')
            """),
        Abuse(
            "52 raises its own limits and priority", .outcome(.exited(0)), prints: "refused refused refused refused\n",
            """
            import os, resource
            found = []
            def attempt(body):
                try: body(); found.append('open')
                except (OSError, ValueError): found.append('refused')
            attempt(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (1 << 20, 1 << 20)))
            attempt(lambda: resource.setrlimit(resource.RLIMIT_NPROC, (1 << 20, 1 << 20)))
            attempt(lambda: os.setpriority(os.PRIO_PROCESS, 0, -20))
            attempt(lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)))
            print(*found)
            """
        ).onKernel { $0.hasPrefix("refused refused") },
        Abuse(
            "53 bends the terminal of whoever reads its errors", .outcome(.exited(3)), prints: "\u{1b}]0;title\u{7}",
            """
            import os
            os.write(1, b'\\x1b]0;title\\x07')
            os.write(2, b'\\x1b[2J\\x1b]52;c;cm0gLXJm\\x07\\x9b31m\\xff\\xfe\\x00\\r')
            os._exit(3)
            """),
    ]

    private static let exhaustion = [
        Abuse(
            "54 nests directories", .anyOf([.exited(0), .outOfMemory, .timeout]), milliseconds: 2500, memory: 64 << 20,
            """
            import os
            depth = 0
            try:
                while depth < 30000:
                    os.mkdir('d')
                    os.chdir('d')
                    depth += 1
            except OSError: pass
            print(depth > 100)
            """
        ).onKernel([.exited(0), .outOfMemory, .timeout, .crashed]),
        Abuse(
            "55 starts programs with huge arguments", .outcome(.exited(0)), prints: "E2BIG E2BIG\n",
            """
            import errno, os
            found = []
            for words, variables in ((['x' * (1 << 25)], {}), (['x'], {'X': 'y' * (1 << 25)})):
                try: os.execve('/usr/bin/true', words, variables); found.append('ran')
                except OSError as error: found.append(errno.errorcode[error.errno])
            print(*found)
            """
        ).onKernel { !$0.contains("ran") },
        Abuse(
            "56 hides descriptors in sockets", .anyOf([.exited(0), .outOfMemory]),
            """
            import array, errno, os, socket
            count = 0
            try:
                while count < 10000:
                    one, other = socket.socketpair()
                    one.setblocking(False)
                    words = array.array('i', [one.fileno(), other.fileno()])
                    one.sendmsg([b'x'], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, words)])
                    one.close()
                    other.close()
                    count += 1
            except OSError as error: print('bounded')
            """),
        Abuse(
            "57 arms timers and queues signals", .anyOf([.exited(0), .outOfMemory]), prints: "bounded\n",
            raw + """
                import signal
                signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
                made = 0
                slot = ctypes.c_long()
                while made < 200000 and call(222, 1, 0, ctypes.addressof(slot)) == 'ok': made += 1
                print('bounded' if made < 200000 else 'endless')
                """
        ).onKernel(),
        Abuse(
            "58 watches files and polls without end", .outcome(.exited(0)), prints: "bounded\n",
            raw + """
                count = 0
                for number in (294, 291, 290, 283):
                    while count < 5000 and call(number, 1 if number == 283 else 0, 0) == 'ok': count += 1
                print('bounded' if count < 5000 else 'endless')
                """),
        Abuse(
            "59 makes itself precious, then takes all memory", .outcome(.outOfMemory), memory: 64 << 20,
            """
            import os
            for name, value in (('oom_score_adj', '-1000'), ('oom_adj', '-17'), ('coredump_filter', '0')):
                try: open('/proc/self/' + name, 'w').write(value)
                except OSError: pass
            pieces = []
            while True:
                if os.fork() == 0: pass
                pieces.append(b'x' * (4 << 20))
            """
        ).onKernel([.outOfMemory, .exited(1), .timeout]),
    ]
}
