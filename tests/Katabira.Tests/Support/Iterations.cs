namespace Katabira.Tests.Support;

/// <summary>How often a property is tried: in full with <c>./test --long</c>, a tenth of it otherwise.</summary>
internal static class Iterations
{
    public static long Of(long inFull) => Environment.GetEnvironmentVariable("KATABIRA_LONG") == "1" ? inFull : inFull / 10;
}
