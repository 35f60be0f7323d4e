using System.Text.Json;
using System.Text.Json.Serialization;

namespace Katabira.Model.Schema;

/// <summary>Reads and writes an enum by its wire names: <c>IstioMutual</c> is <c>ISTIO_MUTUAL</c>. Numbers are refused, as the schemas do.</summary>
/// <remarks>A name that the rule does not give is set with <see cref="JsonStringEnumMemberNameAttribute"/>.</remarks>
internal sealed class UpperSnakeEnum<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false)
    where TEnum : struct, Enum;
