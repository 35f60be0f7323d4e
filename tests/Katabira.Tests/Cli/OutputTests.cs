using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Katabira.Cli.Output;
using Xunit;
using YamlDotNet.RepresentationModel;

namespace Katabira.Tests.Cli;

public class OutputTests
{
    [Theory]
    [InlineData("""{"a":"b"}""", "a: b\n")]
    [InlineData("""{"a":"0.1","b":0.1,"c":true,"d":"true","e":null,"f":"null"}""", "a: \"0.1\"\nb: 0.1\nc: true\nd: \"true\"\ne: null\nf: \"null\"\n")]
    [InlineData("""{"list":[1,2],"none":[],"empty":{},"text":""}""", "list:\n- 1\n- 2\nnone: []\nempty: {}\ntext: \"\"\n")]
    [InlineData("""{"pods":[{"name":"x","ports":[80,443]},{"name":"z"}]}""", "pods:\n- name: x\n  ports:\n  - 80\n  - 443\n- name: z\n")]
    [InlineData("""[[1,2],[3]]""", "- - 1\n  - 2\n- - 3\n")]
    [InlineData("""{"a: b":{"c":"d: e # f","no":"1e3"}}""", "\"a: b\":\n  c: \"d: e # f\"\n  \"no\": \"1e3\"\n")]
    [InlineData(""" "plain" """, "plain\n")]
    public void Yaml_OfJson_IsBlockStyle(string json, string yaml) => Assert.Equal(yaml, Yaml(json));

    /// <summary>Whatever text it is, the reader gets it back, and as a text.</summary>
    [Fact]
    public void Yaml_OfAnyText_ReadsBackTheSame() =>
        Gen.OneOf(Gen.String, Gen.String["truefalsnoyN~:-#'\"\\ \t\n\r0123456789.{}[],&*!|>%@`\u0085\u2028\ufeff😀"])
            .Where(IsWellFormed)
            .Array[1, 4]
            .Sample(texts =>
            {
                var json = new JsonObject { ["list"] = new JsonArray([.. texts.Select(t => (JsonNode?)JsonValue.Create(t))]), ["under"] = new JsonObject { ["k"] = texts[0] } };
                var stream = new YamlStream();
                stream.Load(new StringReader(Yaml(json.ToJsonString())));
                var root = (YamlMappingNode)stream.Documents[0].RootNode;
                Assert.Equal(texts, ((YamlSequenceNode)root["list"]).Select(n => ((YamlScalarNode)n).Value));
                Assert.Equal(texts[0], ((YamlScalarNode)root["under"]["k"]).Value);
            });

    [Fact]
    public void Table_OfUnevenCells_AlignsColumnsWithoutTrailingBlanks()
    {
        var output = new StringWriter { NewLine = "\n" };

        new Table(["NAME", "X"], [["a", "long"], ["longer", ""]]).Write(output);

        Assert.Equal("NAME     X\na        long\nlonger\n", output.ToString());
    }

    [Theory]
    [InlineData("Required command was not provided.", "required command was not provided")]
    [InlineData("TLS is off.", "TLS is off")]
    [InlineData("Two\n\tlines\r\n of it.", "two lines of it")]
    [InlineData("-o takes json", "-o takes json")]
    [InlineData("", "")]
    public void Talk_InAnyVoice_IsOneLineInOurs(string message, string said)
    {
        var error = new StringWriter { NewLine = "\n" };

        new Talk(error).Say(message);
        new Talk(error).Hint(message);

        Assert.Equal($"katabira: {said}\nkatabira: hint: {said}\n", error.ToString());
    }

    private static string Yaml(string json)
    {
        var output = new StringWriter { NewLine = "\n" };
        YamlText.Write(output, JsonDocument.Parse(json).RootElement);
        return output.ToString();
    }

    /// <summary>Half a surrogate pair is no text, and JSON cannot carry it.</summary>
    private static bool IsWellFormed(string text) => text.EnumerateRunes().All(r => r.Value != 0xFFFD) && !text.Contains('\0', StringComparison.Ordinal);
}
