using System.ComponentModel;
using System.Diagnostics;

namespace Katabira.Cluster.Node.Images;

/// <summary>Runs the programs of Debian's package tools. No shell in between.</summary>
internal static class PackageCommand
{
    private const int MostWords = 500;

    /// <summary>Runs a program to its end, and returns what it wrote on stdout.</summary>
    /// <exception cref="PackageException">It is not there, or failed.</exception>
    public static async Task<string> RunAsync(string program, IReadOnlyList<string> arguments, string folder, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C";
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Start(start);
        try
        {
            process.StandardInput.Close();
            var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            await process.WaitForExitAsync(cancel);
            return process.ExitCode == 0 ? await output : throw new PackageException(Explain(start, await errors));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start) ?? throw new PackageException($"{start.FileName} does not start");
        }
        catch (Win32Exception e)
        {
            throw new PackageException($"{start.FileName} does not start ({e.Message}): this image needs a machine with Debian's package tools, or its program installed");
        }
    }

    private static string Explain(ProcessStartInfo start, string errors)
    {
        var said = errors.Trim();
        said = said.Length > MostWords ? said[..MostWords] + "…" : said;
        return $"{start.FileName} {start.ArgumentList[0]} failed: {said.ReplaceLineEndings(" ")} "
            + "(this machine must reach its Debian mirror once for this image: go online, run apt-get update, and the download is tried again)";
    }
}
