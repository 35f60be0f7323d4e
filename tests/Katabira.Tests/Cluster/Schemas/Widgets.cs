using System.Text.Json.Nodes;
using Katabira.Cluster.Schemas;
using Xunit;

namespace Katabira.Tests.Cluster.Schemas;

/// <summary>A definition to try schemas on: the kind Widget, whose spec has the schema that a test gives.</summary>
internal static class Widgets
{
    public static readonly PatternCache Patterns = new();

    /// <summary>A definition in which only the schema of spec is not given.</summary>
    public static JsonObject Definition(string specSchema) => Around(YamlJson.Object("""
        type: object
        properties:
          spec: {}
          status:
            type: object
            x-kubernetes-preserve-unknown-fields: true
        """), specSchema);

    /// <summary>A definition with a whole schema.</summary>
    public static JsonObject Whole(string schema)
    {
        var crd = YamlJson.Object("""
            apiVersion: apiextensions.k8s.io/v1
            kind: CustomResourceDefinition
            metadata: {name: widgets.example.com}
            spec:
              group: example.com
              scope: Namespaced
              names: {plural: widgets, kind: Widget}
              versions:
              - name: v1
                served: true
                storage: true
                schema: {}
            """);
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"] = YamlJson.Read(schema);
        CrdNames.ApplyDefaults(crd);
        return crd;
    }

    /// <summary>The compiled version; fails the test if the definition is refused.</summary>
    public static CustomResourceVersion Version(string specSchema) => Compile(Definition(specSchema));

    public static CustomResourceVersion Compile(JsonObject crd)
    {
        Assert.Empty(CrdCheck.Check(crd, Patterns).Select(i => i.ToString()));
        return CustomResourceModel.Compile(crd, Patterns).Storage;
    }

    /// <summary>A widget with that spec.</summary>
    public static JsonObject Of(string spec)
    {
        var widget = YamlJson.Object("""
            apiVersion: example.com/v1
            kind: Widget
            metadata: {name: w, namespace: default}
            """);
        widget["spec"] = YamlJson.Read(spec);
        return widget;
    }

    /// <summary>Lines <c>path: message</c> of a new widget, decoded first as the API server does.</summary>
    public static string[] Issues(CustomResourceVersion version, string spec, string? old = null)
    {
        var widget = Of(spec);
        version.Decode(widget, collectUnknown: false);
        return [.. version.Validate(widget, old is null ? null : Of(old)).Select(i => i.ToString())];
    }

    private static JsonObject Around(JsonObject root, string specSchema)
    {
        var crd = Whole("{}");
        root["properties"]!["spec"] = YamlJson.Read(specSchema);
        crd["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"] = root;
        return crd;
    }
}
