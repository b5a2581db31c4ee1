// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Yett Authors

internal import Glibc
internal import Telemetry

/// What the gate's process takes.
enum ProcessUsage {
    /// Processor time, memory and open files; what the kernel does not tell is left out.
    static func families() -> [MetricFamily] {
        var families: [MetricFamily] = []
        var usage = rusage()
        if getrusage(CInt(RUSAGE_SELF.rawValue), &usage) == 0 {
            let time = nanoseconds(usage.ru_utime) &+ nanoseconds(usage.ru_stime)
            var processor = MetricFamily(.processorTime)
            processor.add([], .time(time))
            families.append(processor)
        }
        if let pages = residentPages() {
            families.append(MetricFamily(.residentMemory, pages &* Int(sysconf(CInt(_SC_PAGESIZE)))))
        }
        if let count = openFiles() { families.append(MetricFamily(.openFiles, count)) }
        return families
    }

    private static func nanoseconds(_ time: timeval) -> Int64 {
        Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_usec) &* 1000
    }

    /// The second number of `/proc/self/statm`.
    private static func residentPages() -> Int? {
        guard let stream = fopen("/proc/self/statm", "re") else { return nil }
        defer { fclose(stream) }
        var bytes = [UInt8](repeating: 0, count: 256)
        let count = fread(&bytes, 1, bytes.count, stream)
        let numbers = bytes[..<count].split(separator: 0x20)
        return numbers.count > 1 ? Int(String(decoding: numbers[1], as: UTF8.self)) : nil
    }

    private static func openFiles() -> Int? {
        guard let directory = opendir("/proc/self/fd") else { return nil }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        // The directory itself, `.` and `..`.
        return max(0, count - 3)
    }
}
