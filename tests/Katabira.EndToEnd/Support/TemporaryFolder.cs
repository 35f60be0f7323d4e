namespace Katabira.EndToEnd.Support;

/// <summary>A folder that exists as long as this does.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("katabira-e2e-");

    public string Path => _folder.FullName;

    public string PathTo(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file and answers its path.</summary>
    public string Write(string name, string text)
    {
        var path = PathTo(name);
        File.WriteAllText(path, text);
        return path;
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
