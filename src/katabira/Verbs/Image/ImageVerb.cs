using System.CommandLine;
using Katabira.Cli.Output;

namespace Katabira.Cli.Verbs.Image;

/// <summary><c>katabira image</c>: what pods of the embedded cluster can run.</summary>
internal static class ImageVerb
{
    public static Command Create(Surroundings surroundings, Talk talk) =>
        new ExampledCommand("image", "the images that pods of the embedded cluster can name: list", """
            katabira image list
            katabira image list -o json
            """)
        {
            ImageListVerb.Create(surroundings, talk),
        };
}
