using System.Buffers.Text;
using System.Text;
using System.Text.Json.Serialization;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Katabira.Model.Validation;

namespace Katabira.Model.Kinds;

/// <summary>A response that is given without asking anybody.</summary>
public sealed record HttpDirectResponse : Extensible
{
    /// <summary>The status, 200 to 599.</summary>
    [Field(Required = true)]
    public uint? Status { get; init; }

    /// <summary>The content. Left out, none.</summary>
    public HttpBody? Body { get; init; }

    internal void Check(string path, Findings findings)
    {
        findings.CheckHttpStatus($"{path}.status", Status);
        Body?.Check($"{path}.body", findings);
    }
}

/// <summary>Content of a response.</summary>
[AtMostOne("string", "bytes")]
public sealed record HttpBody : Extensible
{
    /// <summary>From this size on the content is a burden on every proxy's configuration.</summary>
    private const int LargeBytes = 100 * 1024;

    private const int LargestBytes = 1024 * 1024;

    /// <summary>The content as text, sent as UTF-8.</summary>
    [JsonPropertyName("string")]
    public string? Text { get; init; }

    /// <summary>The content in base64.</summary>
    [Field(Format = "byte")]
    public string? Bytes { get; init; }

    internal void Check(string path, Findings findings)
    {
        var size = Text is null ? 0 : Encoding.UTF8.GetByteCount(Text);
        if (Bytes is not null && !Base64.IsValid(Bytes, out size))
        {
            findings.Invalid($"{path}.bytes", Bytes, "not base64");
        }
        if (size > LargestBytes)
        {
            findings.TooLong(path, LargestBytes);
        }
        else if (size > LargeBytes)
        {
            findings.Warn($"{path}: a response of {size} bytes is copied to every proxy and may impact control plane performance");
        }
    }
}
