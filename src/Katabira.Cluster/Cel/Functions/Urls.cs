using System.Collections.Immutable;
using Katabira.Cluster.Cel.Go;
using static Katabira.Cluster.Cel.CelType;

namespace Katabira.Cluster.Cel.Functions;

/// <summary>Kubernetes' library of URLs: an absolute URI or an absolute path, in Go's reading.</summary>
internal static class Urls
{
    public static readonly ImmutableArray<Overload> Overloads =
    [
        new("url", false, [CelType.String], Url, (CelMeter m, in CelArguments a) => !m.SpendText(a.First.AsString.Length) ? CelValue.Exhausted
            : GoUrl.Parse(a.First.AsString) is { } url ? CelValue.Of(url)
            : CelValue.Error($"URL parse error during conversion from string: parse {GoQuote.Quote(a.First.AsString)}: invalid URI for request")),
        new("isURL", false, [CelType.String], Bool, (CelMeter m, in CelArguments a) =>
            m.SpendText(a.First.AsString.Length) ? CelValue.Of(GoUrl.IsRequestUri(a.First.AsString)) : CelValue.Exhausted),
        Part("getScheme", url => url.Scheme),
        Part("getHost", url => url.Host),
        Part("getHostname", url => url.Hostname),
        Part("getPort", url => url.Port),
        Part("getEscapedPath", url => url.EscapedPath),
        new("getQuery", true, [Url], Map(CelType.String, List(CelType.String)), Query),
    ];

    private static Overload Part(string name, Func<GoUrl, string> part) => new(name, true, [Url], CelType.String, (CelMeter m, in CelArguments a) =>
        m.SpendText((long)a.First.AsUrl.RawPath.Length + a.First.AsUrl.Host.Length) ? CelValue.Of(part(a.First.AsUrl)) : CelValue.Exhausted);

    private static CelValue Query(CelMeter meter, in CelArguments a)
    {
        if (!meter.Spend(a.First.AsUrl.RawQuery.Length + 1L))
        {
            return CelValue.Exhausted;
        }
        var entries = a.First.AsUrl.Query().Select(p => (CelValue.Of(p.Key), CelValue.Of(CelList.Of([.. p.Value.Select(CelValue.Of)]))));
        return CelMap.TryCreate(entries, out var map, out var error) ? CelValue.Of(map) : CelValue.Error(error);
    }
}
