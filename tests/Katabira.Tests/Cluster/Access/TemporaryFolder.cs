namespace Katabira.Tests.Cluster.Access;

/// <summary>A folder of its own for one test, gone with it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("katabira-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
