using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>What a probe or a lifecycle hook does: exactly one thing. Pure: changes nothing.</summary>
internal static class HandlerRules
{
    private static readonly string[] s_kinds = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"];

    public static void Validate(JsonObject handler, string path, FieldIssues issues)
    {
        var set = s_kinds.Where(handler.Has).ToArray();
        if (set.Length == 0)
        {
            issues.Required(path, "must specify a handler type");
            return;
        }
        foreach (var further in set.Skip(1))
        {
            issues.Forbidden($"{path}.{further}", "may not specify more than 1 handler type");
        }
        switch (set[0])
        {
            case "exec" when handler.Child("exec").List("command") is not { Count: > 0 }:
                issues.Required($"{path}.exec.command");
                break;
            case "httpGet":
                HttpGet(handler.Child("httpGet"), $"{path}.httpGet", issues);
                break;
            case "tcpSocket":
                Port(handler.Child("tcpSocket")?["port"], $"{path}.tcpSocket.port", issues);
                break;
            case "grpc":
                Port(handler.Child("grpc")?["port"], $"{path}.grpc.port", issues);
                break;
            default:
                break;
        }
    }

    /// <summary>A port by number or by name.</summary>
    public static void Port(JsonNode? port, string path, FieldIssues issues)
    {
        if (port.AsText() is { } name)
        {
            issues.Invalid(path, name, NameRules.PortName(name));
        }
        else
        {
            issues.Within(path, port.AsInteger() ?? 0, 1, 65535);
        }
    }

    private static void HttpGet(JsonObject? http, string path, FieldIssues issues)
    {
        if (http.Text("path").Length == 0)
        {
            issues.Required($"{path}.path");
        }
        Port(http?["port"], $"{path}.port", issues);
        issues.OneOf($"{path}.scheme", http.Text("scheme"), "HTTP", "HTTPS");
    }
}
