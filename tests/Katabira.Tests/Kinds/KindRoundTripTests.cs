using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Katabira.Model;
using Katabira.Model.Resources;
using Katabira.Model.Schema;
using Xunit;

namespace Katabira.Tests.Kinds;

/// <summary>Nothing that users or other tools write into an object is lost on the way through us.</summary>
public class KindRoundTripTests
{
    public static TheoryData<string, int> Samples =>
    [
        .. KindRegistry.All.SelectMany(k => Enumerable.Range(0, SampleJson.Variants(k.Schema)).Select(variant => (k.Kind, variant))),
    ];

    [Theory, MemberData(nameof(Samples))]
    public void Object_WithEveryFieldSet_ComesBackAsItWas(string kind, int variant)
    {
        // reading and writing are typed by the specification, the registry is not
        ((ITypedTrip)Activator.CreateInstance(typeof(Trip<>).MakeGenericType(SpecOf(kind)))!).Run(KindRegistry.All.Single(k => k.Kind == kind), variant);
    }

    public static TheoryData<string> Kinds => [.. KindRegistry.All.Select(k => k.Kind)];

    [Theory, MemberData(nameof(Kinds))]
    public void Samples_Together_SetEveryField(string kind)
    {
        var resource = KindRegistry.All.Single(k => k.Kind == kind);
        var set = Enumerable.Range(0, SampleJson.Variants(resource.Schema)).SelectMany(v => SampleJson.Fields(resource.Schema, SampleJson.Of(resource, v)));
        Assert.Equal(SampleJson.Fields(resource.Schema).Order(StringComparer.Ordinal), set.Distinct().Order(StringComparer.Ordinal));
    }

    [Theory, MemberData(nameof(Kinds))]
    public void Object_WithAnythingInPlaceOfAField_IsJudgedWithoutThrowing(string kind)
    {
        var resource = KindRegistry.All.Single(k => k.Kind == kind);
        var done = new HashSet<MemberInfo>();
        for (var variant = 0; variant < SampleJson.Variants(resource.Schema); variant++)
        {
            var sample = SampleJson.Of(resource, variant);
            foreach (var (field, owner) in SampleJson.Places(resource.Schema, sample).Where(p => done.Add(p.Field.Member)).ToArray())
            {
                var original = owner[field.Name];
                foreach (var odd in Odd(field.Node))
                {
                    owner[field.Name] = JsonNode.Parse(odd);
                    resource.Validate(JsonSerializer.SerializeToElement(sample));
                }
                owner[field.Name] = original;
            }
        }
        Assert.NotEmpty(done);
    }

    /// <summary>Values of the field's own type, for only those get past the schema to the rules of the kind, and a few that fit nowhere.</summary>
    private static string[] Odd(SchemaNode node) => node.Type switch
    {
        SchemaType.String when node.EnumNames.IsEmpty => ["null", "{}", "\"\"", "\"\\\\%\\u0000\"", "\"*\"", "\"/\"", "\"~/\"", "\"unix://\"", "\"configmap://\""],
        SchemaType.Integer or SchemaType.Number => ["null", "\"\"", "-1", "0", "0.5", "1e300", "1e400"],
        SchemaType.Array => ["null", "{}", "[]", "[null]", "[\"\"]", "[\"/\",\"~\"]", "[{}]"],
        SchemaType.Object or SchemaType.Map or SchemaType.Any => ["null", "[]", "{}", "{\"\":{}}", "{\"\":null}", "{\"\":\"\"}", "{\"/\":1}"],
        _ => ["null", "true", "\"*\""],
    };

    private static Type SpecOf(string kind) => KindRegistry.All.Single(k => k.Kind == kind).GetType().GetGenericArguments()[0];

    private interface ITypedTrip
    {
        void Run(ResourceKind kind, int variant);
    }

    private sealed class Trip<TSpec> : ITypedTrip
        where TSpec : class, new()
    {
        public void Run(ResourceKind kind, int variant)
        {
            var typed = (ResourceKind<TSpec>)kind;
            var sample = JsonSerializer.SerializeToElement(SampleJson.Of(kind, variant));
            typed.Read(sample, out var resource);
            Assert.NotNull(resource);
            var written = typed.Write(resource);
            Assert.True(JsonElement.DeepEquals(sample, written), $"wrote\n{written}\ninstead of\n{sample}");
        }
    }
}
