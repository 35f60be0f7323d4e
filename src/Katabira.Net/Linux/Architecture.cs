using System.Runtime.InteropServices;

namespace Katabira.Net.Linux;

/// <summary>Numbers of system calls that differ between the two architectures we run on; all from 424 up are the same everywhere.</summary>
internal static class Architecture
{
    private static bool IsArm => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64;

    public static nint MemfdCreate => IsArm ? 279 : 319;

    public static nint PivotRoot => IsArm ? 41 : 155;
}
