using System.Text.Json.Nodes;
using Katabira.Cluster.Access;
using Katabira.Cluster.Node.Volumes;
using Katabira.Tests.Cluster.Access;
using Katabira.Tests.Cluster.Node.Containers;
using Xunit;

namespace Katabira.Tests.Cluster.Node.Volumes;

public sealed class PodVolumesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SteppedTime _time = new();
    private readonly Dictionary<string, JsonObject> _objects = new() { ["configmaps/settings"] = new() { ["data"] = new JsonObject { ["color"] = "blue" } } };
    private readonly PodVolumes _volumes;
    private readonly string _path;

    public PodVolumesTests()
    {
        _path = Path.Combine(_folder.Path, "volumes");
        _volumes = new(_path, new((plural, name) => _objects.GetValueOrDefault($"{plural}/{name}"), (_, _, s) => ($"until {_time.Now:t}", _time.Now.AddSeconds(s), ""), Requests.Capacity, _time));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _volumes.Remove();
        _volumes.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task PrepareAsync_ObjectIsMissing_WaitsAndThenIsReady()
    {
        var pod = Requests.Pod("volumes: [{ name: keys, secret: { secretName: keys } }]");

        Assert.Equal("MountVolume.SetUp failed for volume \"keys\" : secret \"keys\" not found", (await _volumes.PrepareAsync(pod, Cancel)).Reason);
        _objects["secrets/keys"] = new() { ["data"] = new JsonObject { ["key"] = "MQ==" } };
        Assert.True((await _volumes.PrepareAsync(pod, Cancel)).IsReady);

        Assert.Equal("1", File.ReadAllText(Path.Combine(_path, "keys/key")));
    }

    [Fact]
    public async Task RefreshAsync_ObjectChanges_FilesFollow()
    {
        var pod = Requests.Pod("volumes: [{ name: settings, configMap: { name: settings } }]");
        await _volumes.PrepareAsync(pod, Cancel);

        _objects["configmaps/settings"] = new() { ["data"] = new JsonObject { ["color"] = "red", ["size"] = "xl" } };
        await _volumes.RefreshAsync(pod, Cancel);
        Assert.Equal("red", File.ReadAllText(Path.Combine(_path, "settings/color")));

        _objects.Clear();
        Assert.False((await _volumes.RefreshAsync(pod, Cancel)).IsReady);
        Assert.Equal("red", File.ReadAllText(Path.Combine(_path, "settings/color")));
    }

    [Fact]
    public async Task RefreshAsync_LabelsChange_FilesFollow()
    {
        const string Spec = "volumes: [{ name: me, downwardAPI: { items: [{ path: labels, fieldRef: { fieldPath: metadata.labels } }] } }]";
        await _volumes.PrepareAsync(Requests.Pod(Spec), Cancel);
        var relabelled = Requests.Pod(Spec);
        relabelled["metadata"]!["labels"] = new JsonObject { ["new"] = "yes" };

        await _volumes.RefreshAsync(relabelled, Cancel);

        Assert.Equal("new=\"yes\"", File.ReadAllText(Path.Combine(_path, "me/labels")));
    }

    [Fact]
    public async Task RefreshAsync_TokenGrowsOld_IsReplaced()
    {
        var pod = Requests.Pod("volumes: [{ name: token, projected: { sources: [{ serviceAccountToken: { path: token, expirationSeconds: 3600 } }] } }]");
        await _volumes.PrepareAsync(pod, Cancel);
        var first = File.ReadAllText(Path.Combine(_path, "token/token"));

        _time.Now += TimeSpan.FromMinutes(40);
        await _volumes.RefreshAsync(pod, Cancel);
        Assert.Equal(first, File.ReadAllText(Path.Combine(_path, "token/token")));
        _time.Now += TimeSpan.FromMinutes(10);
        await _volumes.RefreshAsync(pod, Cancel);
        Assert.NotEqual(first, File.ReadAllText(Path.Combine(_path, "token/token")));
    }

    [Fact]
    public async Task PrepareAsync_EmptyFolder_IsEverybodysAndStays()
    {
        var pod = Requests.Pod("volumes: [{ name: data, emptyDir: {} }]");
        await _volumes.PrepareAsync(pod, Cancel);
        File.WriteAllText(Path.Combine(_path, "data/kept"), "x");

        await _volumes.PrepareAsync(pod, Cancel);

        Assert.True(File.Exists(Path.Combine(_path, "data/kept")));
        Assert.Equal((UnixFileMode)0b111_111_111, File.GetUnixFileMode(Path.Combine(_path, "data")));
    }

    [Fact]
    public async Task PrepareEmptyAsync_ObjectIsMissing_IsReadyNevertheless()
    {
        var pod = Requests.Pod("volumes: [{ name: keys, secret: { secretName: keys } }, { name: data, emptyDir: {} }]");

        Assert.True((await _volumes.PrepareEmptyAsync(pod, Cancel)).IsReady);

        Assert.Equal(["data"], Directory.EnumerateDirectories(_path).Select(d => Path.GetFileName(d)!));
    }

    [Fact]
    public async Task FindOverflowAsync_TooMuch_IsKubeletsSentence()
    {
        await _volumes.PrepareAsync(Requests.Pod("volumes: [{ name: data, emptyDir: { sizeLimit: 1Ki } }, { name: free, emptyDir: {} }]"), Cancel);
        File.WriteAllBytes(Path.Combine(_path, "free/a"), new byte[5000]);
        File.WriteAllBytes(Path.Combine(_path, "data/a"), new byte[1000]);
        Assert.Null(await _volumes.FindOverflowAsync(Cancel));

        File.WriteAllBytes(Path.Combine(_path, "data/b"), new byte[25]);

        Assert.Equal("Usage of EmptyDir volume \"data\" exceeds the limit \"1Ki\". ", await _volumes.FindOverflowAsync(Cancel));
    }

    [Fact]
    public async Task PrepareAsync_InMemory_IsAFileSystemOfThatSize()
    {
        var pod = Requests.Pod("volumes: [{ name: fast, emptyDir: { medium: Memory, sizeLimit: 64Ki } }]");

        var (first, second) = (await _volumes.PrepareAsync(pod, Cancel), await _volumes.PrepareAsync(pod, Cancel));

        if (!Environment.IsPrivilegedProcess)
        {
            Assert.EndsWith("Operation not permitted", first.Reason, StringComparison.Ordinal);
            return;
        }
        Assert.Null(first.Reason ?? second.Reason);

        Assert.Single(MountTable.Below(_path));
        Assert.ThrowsAny<IOException>(() => File.WriteAllBytes(Path.Combine(_path, "fast/a"), new byte[70_000]));
        _volumes.Remove();
        Assert.Empty(MountTable.Below(_path));
        Assert.False(Directory.Exists(_path));
    }

    [Theory]
    [InlineData("{ path: PLACE/new, type: DirectoryOrCreate }", null)]
    [InlineData("{ path: PLACE/new, type: FileOrCreate }", null)]
    [InlineData("{ path: PLACE/file, type: File }", null)]
    [InlineData("{ path: PLACE, type: Directory }", null)]
    [InlineData("{ path: /dev/null, type: CharDevice }", null)]
    [InlineData("{ path: PLACE/none, type: '' }", null)]
    [InlineData("{ path: PLACE/none, type: Directory }", "hostPath type check failed: PLACE/none is not a directory")]
    [InlineData("{ path: PLACE/file, type: Directory }", "hostPath type check failed: PLACE/file is not a directory")]
    [InlineData("{ path: PLACE/file, type: DirectoryOrCreate }", "hostPath type check failed: PLACE/file is not a directory")]
    [InlineData("{ path: PLACE, type: File }", "hostPath type check failed: PLACE is not a file")]
    [InlineData("{ path: PLACE/file, type: Socket }", "hostPath type check failed: PLACE/file is not a socket file")]
    [InlineData("{ path: /dev/null, type: BlockDevice }", "hostPath type check failed: /dev/null is not a block device")]
    [InlineData("{ path: PLACE, type: Wormhole }", "Wormhole is an invalid volume type")]
    [InlineData("{ path: PLACE/../x, type: '' }", "hostPath PLACE/../x must be an absolute path without '..'")]
    public async Task PrepareAsync_HostPath_IsCheckedByItsType(string source, string? problem)
    {
        File.WriteAllText(Path.Combine(_folder.Path, "file"), "");
        var pod = Requests.Pod($"volumes: [{{ name: host, hostPath: {source.Replace("PLACE", _folder.Path, StringComparison.Ordinal)} }}]");

        var result = await _volumes.PrepareAsync(pod, Cancel);

        Assert.Equal(problem is null ? null : $"MountVolume.SetUp failed for volume \"host\" : {problem.Replace("PLACE", _folder.Path, StringComparison.Ordinal)}", result.Reason);
    }

    [Fact]
    public async Task PrepareAsync_UnknownKind_SaysSo()
    {
        var result = await _volumes.PrepareAsync(Requests.Pod("volumes: [{ name: disk, persistentVolumeClaim: { claimName: x } }]"), Cancel);

        Assert.Equal("MountVolume.SetUp failed for volume \"disk\" : volumes of the kind persistentVolumeClaim are not there in this cluster", result.Reason);
    }

    [Fact]
    public async Task MountsOf_Container_AreItsVolumesWithTheirInnerPaths()
    {
        await _volumes.PrepareAsync(Requests.Pod("volumes: [{ name: settings, configMap: { name: settings } }, { name: data, emptyDir: {} }, { name: host, hostPath: { path: /srv } }]"), Cancel);
        var container = Requests.Of(
            "volumeMounts: [{ name: settings, mountPath: /etc/app }, { name: settings, mountPath: /etc/color, subPath: color }, { name: data, mountPath: data },"
            + " { name: data, mountPath: /x, subPathExpr: logs/$(POD), readOnly: true }, { name: host, mountPath: /host }]").Container;

        var mounts = _volumes.MountsOf(container, name => name == "POD" ? "cart-5" : null);

        Assert.Equal(
            [
                ($"{_path}/settings", "/etc/app", true),
                ($"{_path}/settings/{new FileInfo(_path + "/settings/..data").LinkTarget}/color", "/etc/color", true),
                ($"{_path}/data", "/data", false),
                ($"{_path}/data/logs/cart-5", "/x", true),
                ("/srv", "/host", false),
            ],
            mounts.Select(m => (m.Source!, m.Target, m.ReadOnly)));
        Assert.True(Directory.Exists($"{_path}/data/logs/cart-5"));
    }

    [Theory]
    [InlineData("{ name: none, mountPath: /x }")]
    [InlineData("{ name: data, mountPath: /x, subPath: ../other }")]
    [InlineData("{ name: data, mountPath: /x, subPathExpr: $(NONE) }")]
    public async Task MountsOf_WhatCannotBe_IsRefused(string mount)
    {
        await _volumes.PrepareAsync(Requests.Pod("volumes: [{ name: data, emptyDir: {} }]"), Cancel);

        Assert.Throws<VolumeException>(() => _volumes.MountsOf(Requests.Of($"volumeMounts: [{mount}]").Container));
    }

    [Fact]
    public async Task PrepareAsync_SomethingElsesFolderInTheWay_IsAReasonAndNoException()
    {
        Directory.CreateDirectory(_path);
        File.WriteAllText(Path.Combine(_path, "data"), "a file");

        Assert.NotNull((await _volumes.PrepareAsync(Requests.Pod("volumes: [{ name: data, emptyDir: {} }]"), Cancel)).Reason);
        Assert.NotNull((await _volumes.PrepareAsync(Requests.Pod("volumes: [{ name: ../../etc, emptyDir: {} }]"), Cancel)).Reason);
    }

    [Fact]
    public void Remove_Nothing_IsNoError() => _volumes.Remove();

    [Fact]
    public void Issue_ForAPod_IsATokenBoundToIt()
    {
        using var keys = new TemporaryFolder();
        var alive = new Dictionary<string, string> { ["serviceaccounts/shop/default"] = "sa-1", ["pods/shop/cart-5"] = "11-22" };
        string? FindUid(string group, string plural, string ns, string name) => alive.GetValueOrDefault($"{plural}/{ns}/{name}");
        var tokens = new ServiceAccountTokens(SigningKeys.Open(PrivateFolder.Open(keys.Path, _ => { })), _time, FindUid);
        var issue = PodTokenRequest.By(tokens, FindUid);

        var (token, expires, error) = issue(Requests.Pod("{}"), "vault", 900);

        Assert.Equal("", error);
        Assert.Equal(_time.Now.AddSeconds(900), expires);
        var user = tokens.Verify(token!, ["vault"]).User!;
        Assert.Equal(["cart-5"], user.Extra["authentication.kubernetes.io/pod-name"]);
        alive.Remove("pods/shop/cart-5");
        Assert.Null(tokens.Verify(token!, ["vault"]).User);
        Assert.Equal("pods \"cart-5\" not found", issue(Requests.Pod("{}"), "", 900).Error);
    }
}
