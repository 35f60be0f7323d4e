namespace Katabira.EndToEnd.Support;

/// <summary>What a cluster might leave on the machine outside its home.</summary>
internal static class Leftovers
{
    /// <exception cref="InvalidOperationException">There is something: a process with the home in its command line, or a mount in the home.</exception>
    public static void ExpectNone(string home)
    {
        List<string> found = [.. Processes(home), .. File.ReadLines("/proc/self/mountinfo").Where(l => l.Contains(home, StringComparison.Ordinal))];
        if (found.Count > 0)
        {
            throw new InvalidOperationException($"of the deleted cluster in {home} there is left: {string.Join(", ", found)}");
        }
    }

    private static IEnumerable<string> Processes(string home)
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(f => char.IsAsciiDigit(Path.GetFileName(f)[0])))
        {
            if (CommandLine(folder) is { } line && line.Contains(home, StringComparison.Ordinal))
            {
                yield return line.Replace('\0', ' ');
            }
        }
    }

    private static string? CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return null; // it has just ended
        }
    }
}
