// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

import Foundation
import Sandbox

/// Holds a secret in every way that a gate does, and runs programs that look for it in every way that code can.
enum CanaryHunt {
    /// Each looks at one kind of place and hands what it finds to `look`.
    private static let searches = [
        "for name in glob.glob('/proc/[0-9]*/*') + glob.glob('/proc/[0-9]*/task/*/*'): read(name)",
        "for name in glob.glob('/proc/*') + glob.glob('/proc/net/*') + glob.glob('/proc/sys/*/*'): read(name)",
        "look(repr(dict(os.environ)).encode()); look(repr(sys.argv).encode())",
        "for name in glob.glob('/proc/*/fd/*'): link(name); read(name)",
        "for name in glob.glob('/proc/*/map_files/*') + glob.glob('/proc/*/cwd') + glob.glob('/proc/*/exe'): link(name)",
        "for number in range(256): descriptor(number)",
        "for process in glob.glob('/proc/[0-9]*'): memory(process)",
        "for top in ('/tmp', '/dev/shm', '/job', '/etc', '/run', '/var', '/home', '/root', '/proc/1/root/etc'): walk(top)",
        "for name in ('/dev/mem', '/dev/kmem', '/proc/kcore', '/proc/kmsg', '/proc/keys', '/proc/sysvipc/shm'): read(name)",
        "look(subprocess.run(['sh', '-c', 'set; env; cat /proc/$PPID/environ /proc/mounts; ls -lR /proc/self/'],"
            + " capture_output=True).stdout)",
        "for place in ('/proc/1/root', '/proc/1/cwd', '/proc/self/root/..'): walk(place + '/tmp'); walk(place + '/run')",
        "for number in range(0, 300): arena(number)",
    ]

    private static let prelude = """
        import glob, os, random, re, subprocess, sys
        pattern = re.compile(b'can' + b'ary-[0-9]+')
        def look(data):
            for found in pattern.findall(data): print('FOUND', found.decode(), flush=True)
        def read(name):
            try:
                file = os.open(name, os.O_RDONLY | os.O_NONBLOCK)
                try: look(os.read(file, 1 << 20))
                finally: os.close(file)
            except OSError: pass
        def link(name):
            try: look(os.readlink(name).encode())
            except OSError: pass
        def descriptor(number):
            if number > 2:
                try: look(os.pread(number, 1 << 20, 0))
                except OSError: pass
        def memory(process):
            try:
                file = os.open(process + '/mem', os.O_RDONLY)
                for line in open(process + '/maps'):
                    first, last = (int(part, 16) for part in line.split()[0].split('-'))
                    if 'r' in line.split()[1] and last - first < 1 << 26:
                        try: look(os.pread(file, last - first, first))
                        except (OSError, OverflowError): pass
                os.close(file)
            except OSError: pass
        def walk(top):
            for directory, _, names in os.walk(top):
                for name in names: read(directory + '/' + name)
        def arena(number):
            look(bytearray(random.randrange(1, 1 << 16)))

        """

    static func run(canary: String, file: String, count: Int, driver: any SandboxDriver) async {
        // On purpose a descriptor that survives exec, and a mapping of the same file.
        let descriptor = open(file, O_RDONLY)
        let mapping = mmap(nil, 4096, PROT_READ, MAP_SHARED, descriptor, 0)
        let copies = (0..<100).map { "\(canary) \($0)" }
        for _ in 0..<count {
            let code = prelude + searches.shuffled().joined(separator: "\n") + "\nprint('searched')\n"
            var request = SandboxRequest(.source(.python, Array(code.utf8)))
            request.limits.wallMilliseconds = 60_000
            do {
                let result = try await driver.run(request, listener: nil)
                FileHandle.standardOutput.write(Data(result.output + result.errors.prefix(1000)))
            } catch {
                FileHandle.standardOutput.write(Data("error \(error)\n".utf8))
            }
        }
        withExtendedLifetime((mapping, copies)) {}
    }
}
