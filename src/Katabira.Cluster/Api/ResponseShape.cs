namespace Katabira.Cluster.Api;

/// <summary>In which of its forms a client wants an object.</summary>
internal enum ObjectShape
{
    Whole,

    /// <summary>Rows for a terminal.</summary>
    Table,

    /// <summary>Only its metadata.</summary>
    Metadata,
}

/// <summary>The answer's form that a client and the server agree on.</summary>
/// <param name="Shape">What of the object.</param>
/// <param name="Version">Of <c>meta.k8s.io</c>, for the forms that have one.</param>
internal readonly record struct ResponseShape(ObjectShape Shape, string Version)
{
    private const string Meta = "meta.k8s.io";

    /// <summary>The first element of the header that can be served.</summary>
    /// <param name="accept">The header.</param>
    /// <param name="isList">A list is asked for, or a watch.</param>
    /// <exception cref="ApiException">406: there is none.</exception>
    public static ResponseShape Choose(string accept, bool isList)
    {
        foreach (var type in MediaType.ParseList(accept))
        {
            if (type.IsJson && Read(type, isList) is { } shape)
            {
                return shape;
            }
        }
        throw new ApiException(ApiFailure.NotAcceptable("application/json, application/json;as=Table;v=v1;g=meta.k8s.io, application/json;as=PartialObjectMetadata;v=v1;g=meta.k8s.io"));
    }

    private static ResponseShape? Read(MediaType type, bool isList)
    {
        if (type.As.Length == 0)
        {
            return new(ObjectShape.Whole, "");
        }
        if (type.Group != Meta || type.Version is not ("v1" or "v1beta1"))
        {
            return null;
        }
        return type.As switch
        {
            "Table" => new(ObjectShape.Table, type.Version),
            "PartialObjectMetadata" => new(ObjectShape.Metadata, type.Version),
            "PartialObjectMetadataList" when isList => new(ObjectShape.Metadata, type.Version),
            _ => null,
        };
    }
}
