using System.Globalization;
using System.Runtime.InteropServices;

namespace Katabira.Cluster.Node.Agent;

/// <summary>What a node says about its machine.</summary>
internal sealed record MachineFacts
{
    public required string HostName { get; init; }

    public required int Processors { get; init; }

    public required long MemoryKibibytes { get; init; }

    public required long DiskKibibytes { get; init; }

    public required string Kernel { get; init; }

    public required string OsImage { get; init; }

    public required string MachineId { get; init; }

    public required string BootId { get; init; }

    /// <summary>As Go calls it.</summary>
    public required string Architecture { get; init; }

    /// <param name="home">On the disk that counts.</param>
    public static MachineFacts Read(string home) => new()
    {
        HostName = Line("/proc/sys/kernel/hostname"),
        Processors = Environment.ProcessorCount,
        MemoryKibibytes = MemoryOf(Lines("/proc/meminfo")),
        DiskKibibytes = new DriveInfo(home).TotalSize / 1024,
        Kernel = Line("/proc/sys/kernel/osrelease"),
        OsImage = OsOf(Lines("/etc/os-release")),
        MachineId = Line("/etc/machine-id"),
        BootId = Line("/proc/sys/kernel/random/boot_id"),
        Architecture = RuntimeInformation.OSArchitecture switch
        {
            System.Runtime.InteropServices.Architecture.X64 => "amd64",
            System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
            var other => other.ToString().ToLowerInvariant(),
        },
    };

    /// <summary>The machine's memory in the lines of /proc/meminfo; 0 if it is not there.</summary>
    public static long MemoryOf(IEnumerable<string> lines) =>
        lines.FirstOrDefault(l => l.StartsWith("MemTotal:", StringComparison.Ordinal)) is { } line
        && long.TryParse(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : 0;

    /// <summary>The system's full name in the lines of os-release; <c>Linux</c> if it is not there.</summary>
    public static string OsOf(IEnumerable<string> lines) =>
        lines.FirstOrDefault(l => l.StartsWith("PRETTY_NAME=", StringComparison.Ordinal)) is { } line ? line["PRETTY_NAME=".Length..].Trim('"', '\'') : "Linux";

    private static string Line(string file) => Lines(file).FirstOrDefault("").Trim();

    private static string[] Lines(string file)
    {
        try
        {
            return File.ReadAllLines(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
