using System.Collections.Immutable;

namespace Katabira.Cluster.Cel.Binding;

/// <summary>A variable that an expression may name.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="Type">What it is.</param>
/// <param name="Slot">Its place in the frame.</param>
internal readonly record struct CelVariable(string Name, CelType Type, int Slot);

/// <summary>The variables in sight, inner ones last. Immutable.</summary>
internal sealed class CelScope(ImmutableArray<CelVariable> variables)
{
    public CelVariable? Find(string name)
    {
        for (var i = variables.Length - 1; i >= 0; i--)
        {
            if (variables[i].Name == name)
            {
                return variables[i];
            }
        }
        return null;
    }

    /// <summary>The scope inside a loop; its variable hides others of the same name.</summary>
    public CelScope With(string name, CelType type, out int slot)
    {
        slot = variables.Length;
        return new CelScope(variables.Add(new CelVariable(name, type, slot)));
    }
}
