using System.Globalization;
using System.Text.Json.Nodes;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Node.Probes;

/// <summary>Asks a container once, by whichever of httpGet, tcpSocket, grpc and exec its probe or hook names. Thread-safe.</summary>
internal sealed class ContainerCheck(JsonObject handler, ProbeTarget target, TimeSpan timeout, TimeProvider time)
{
    private static readonly string[] s_kinds = ["httpGet", "tcpSocket", "grpc"];

    /// <summary>It ends by itself, in little more than the timeout.</summary>
    public async Task<ProbeOutcome> RunAsync(CancellationToken cancel)
    {
        using var patience = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
        try
        {
            return await AskAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return ProbeOutcome.Failed(TimedOut());
        }
    }

    /// <summary>The number that a field means: a number, or the name of one of the container's ports; null, and why, if neither.</summary>
    public static (int? Port, string Error) PortOf(JsonNode? field, JsonObject container)
    {
        var number = field.AsInteger();
        if (field.AsText() is { } name)
        {
            number = container.Items("ports").FirstOrDefault(p => p.Text("name") == name)?.Integer("containerPort")
                ?? (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var written) ? written : null);
            if (number is null)
            {
                return (null, $"port {name} not found");
            }
        }
        return number is > 0 and < 65536 ? ((int)number, "") : (null, $"invalid port number: {number ?? 0}");
    }

    private async Task<ProbeOutcome> AskAsync(CancellationToken cancel)
    {
        if (handler.Child("exec") is { } command)
        {
            return await ExecCheck.RunAsync(command.Texts("command"), target.Run, cancel);
        }
        var kind = s_kinds.FirstOrDefault(k => handler.Child(k) is not null);
        if (kind is null || handler.Child(kind) is not { } how)
        {
            return ProbeOutcome.Unasked("missing probe handler");
        }
        var (port, error) = PortOf(how["port"], target.Container);
        return port is null ? ProbeOutcome.Unasked(error) : kind switch
        {
            "httpGet" => await HttpCheck.RunAsync(how, Host(how), (int)port, target.MakeSocket, cancel),
            "tcpSocket" => await TcpCheck.RunAsync(Host(how), (int)port, target.MakeSocket, cancel),
            _ => await GrpcCheck.RunAsync(how.Text("service"), Host(how), (int)port, target.MakeSocket, cancel),
        };
    }

    private string Host(JsonObject how) => how.Text("host") is { Length: > 0 } host ? host : $"{target.Address}";

    /// <summary>As each of upstream's probes says it.</summary>
    private string TimedOut()
    {
        var seconds = string.Create(CultureInfo.InvariantCulture, $"{timeout.TotalSeconds}s");
        if (handler.Child("exec") is { } command)
        {
            return $"command timed out: \"{string.Join(' ', command.Texts("command"))}\" timed out after {seconds}";
        }
        if (handler.Child("httpGet") is { } get)
        {
            var uri = HttpCheck.UriOf(get, Host(get), PortOf(get["port"], target.Container).Port ?? 0);
            return $"Get \"{uri}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)";
        }
        return handler.Child("tcpSocket") is { } tcp
            ? $"dial tcp {Dialling.Address(Host(tcp), PortOf(tcp["port"], target.Container).Port ?? 0)}: i/o timeout"
            : $"timeout: health rpc did not complete within {seconds}";
    }
}
