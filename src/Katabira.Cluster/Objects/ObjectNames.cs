using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Katabira.Cluster.Api;
using Katabira.Cluster.Resources;

namespace Katabira.Cluster.Objects;

/// <summary>What makes an object this one: the parts of its metadata that name it, and that only the server writes.</summary>
internal static class ObjectNames
{
    // no vowels and nothing that looks like them: generated names are never words
    private const string Alphabet = "bcdfghjklmnpqrstvwxz2456789";
    private const int SuffixLength = 5;
    private const int LongestPrefix = 63 - SuffixLength;

    private static readonly string[] s_ofTheServer = ["creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds", "generation", "selfLink", "uid"];

    /// <summary>The metadata of a decoded object; made if there is none. May change the object.</summary>
    public static JsonObject MetadataOf(JsonObject item)
    {
        if (item["metadata"] is not JsonObject metadata)
        {
            item["metadata"] = metadata = [];
        }
        return metadata;
    }

    /// <summary>May change: a body without namespace, or of a cluster-scoped resource, gets the URL's.</summary>
    /// <exception cref="ApiException">The two contradict each other.</exception>
    public static void AgreeOnNamespace(JsonObject metadata, string ns)
    {
        var own = metadata.Text("namespace");
        if (own == ns)
        {
            return;
        }
        if (own.Length > 0 && ns.Length > 0)
        {
            throw new ApiException(ApiFailure.BadRequest("the namespace of the provided object does not match the namespace sent on the request"));
        }
        if (ns.Length == 0)
        {
            metadata.Remove("namespace");
        }
        else
        {
            metadata["namespace"] = ns;
        }
    }

    /// <summary>May change: a new object's uid and birthday; what else the client claims to know about them is not believed.</summary>
    public static void BeBorn(JsonObject metadata, TimeProvider time)
    {
        if (metadata.Text("resourceVersion") is not ("" or "0"))
        {
            throw new ApiException(ApiFailure.BadRequest("resourceVersion should not be set on objects to be created"));
        }
        foreach (var field in s_ofTheServer)
        {
            metadata.Remove(field);
        }
        metadata.Remove("resourceVersion");
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = time.Now();
    }

    /// <summary>May change: an object that leaves its name to the server gets one.</summary>
    /// <returns>True if the name was made here, so that another may be tried.</returns>
    public static bool Generate(JsonObject metadata, bool again)
    {
        var prefix = metadata.Text("generateName");
        if (prefix.Length == 0 || (metadata.Text("name").Length > 0 && !again))
        {
            return false;
        }
        metadata["name"] = prefix[..Math.Min(prefix.Length, LongestPrefix)] + NewSuffix();
        return true;
    }

    /// <summary>Five letters that make a name its own.</summary>
    public static string NewSuffix() => RandomNumberGenerator.GetString(Alphabet, SuffixLength);
}
