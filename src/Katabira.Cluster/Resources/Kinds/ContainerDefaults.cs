using System.Text.Json.Nodes;

namespace Katabira.Cluster.Resources.Kinds;

/// <summary>What a container's author may leave out. Changes its argument.</summary>
internal static class ContainerDefaults
{
    public static void Apply(JsonObject container, bool hostNetwork)
    {
        foreach (var port in container.Items("ports"))
        {
            port.Default("protocol", "TCP");
            if (hostNetwork && port.Integer("containerPort") is { } number)
            {
                port.DefaultZero("hostPort", number);
            }
        }
        foreach (var variable in container.Items("env"))
        {
            variable.Child("valueFrom").Child("fieldRef")?.Default("apiVersion", "v1");
        }
        container.ChildOrNew("resources");
        foreach (var probe in (string[])["livenessProbe", "readinessProbe", "startupProbe"])
        {
            ApplyToProbe(container.Child(probe));
        }
        foreach (var hook in (string[])["postStart", "preStop"])
        {
            ApplyToHttpGet(container.Child("lifecycle").Child(hook));
        }
        container.Default("terminationMessagePath", "/dev/termination-log");
        container.Default("terminationMessagePolicy", "File");
        container.Default("imagePullPolicy", IsMoving(container.Text("image")) ? "Always" : "IfNotPresent");
    }

    private static void ApplyToProbe(JsonObject? probe)
    {
        if (probe is null)
        {
            return;
        }
        ApplyToHttpGet(probe);
        probe.Child("grpc")?.Default("service", "");
        probe.DefaultZero("timeoutSeconds", 1);
        probe.DefaultZero("periodSeconds", 10);
        probe.DefaultZero("successThreshold", 1);
        probe.DefaultZero("failureThreshold", 3);
    }

    private static void ApplyToHttpGet(JsonObject? handler)
    {
        handler.Child("httpGet")?.Default("path", "/");
        handler.Child("httpGet")?.Default("scheme", "HTTP");
    }

    /// <summary>True if the name may mean another image tomorrow: the tag is <c>latest</c>, or there is neither tag nor digest.</summary>
    private static bool IsMoving(string image)
    {
        var name = image[(image.LastIndexOf('/') + 1)..];
        var digest = name.IndexOf('@', StringComparison.Ordinal);
        var tagged = digest < 0 ? name : name[..digest];
        var colon = tagged.LastIndexOf(':');
        return colon < 0 ? digest < 0 : tagged[(colon + 1)..] == "latest";
    }
}
