using System.Collections.Immutable;

namespace Katabira.Model.Validation;

/// <summary>What is spoken on a port, as far as it matters for how a connection is handled.</summary>
internal enum AppProtocol
{
    /// <summary>Not said, or a name nobody knows.</summary>
    Unknown,
    Http,
    Http2,
    HttpProxy,
    Grpc,
    GrpcWeb,
    Https,
    Tls,
    Tcp,
    Udp,
    Mongo,
    Redis,
    MySql,
}

/// <summary>Names and families of the protocols.</summary>
internal static class AppProtocols
{
    /// <summary>The names users write, in any case.</summary>
    public static ImmutableArray<string> Names { get; } =
        ["HTTP", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-WEB", "HTTPS", "TLS", "TCP", "UDP", "MONGO", "REDIS", "MYSQL"];

    /// <summary>Reads a name whatever its case; <see cref="AppProtocol.Unknown"/> for null, empty and unknown ones.</summary>
    public static AppProtocol Parse(string? name)
    {
        for (var i = 0; i < Names.Length; i++)
        {
            if (Names[i].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return (AppProtocol)(i + 1);
            }
        }
        return AppProtocol.Unknown;
    }

    /// <summary>Requests with a Host header in plain sight.</summary>
    public static bool IsHttp(this AppProtocol protocol) =>
        protocol is AppProtocol.Http or AppProtocol.Http2 or AppProtocol.HttpProxy or AppProtocol.Grpc or AppProtocol.GrpcWeb;

    /// <summary>A ClientHello comes first, so the server's name can be read.</summary>
    public static bool IsTls(this AppProtocol protocol) => protocol is AppProtocol.Https or AppProtocol.Tls;

    /// <summary>A stream of bytes to whoever does not terminate it.</summary>
    public static bool IsTcp(this AppProtocol protocol) =>
        protocol is AppProtocol.Tcp or AppProtocol.Https or AppProtocol.Tls or AppProtocol.Mongo or AppProtocol.Redis or AppProtocol.MySql;
}
