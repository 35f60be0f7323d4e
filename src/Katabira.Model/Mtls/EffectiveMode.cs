namespace Katabira.Model.Mtls;

/// <summary>What a port accepts once every policy has been heard. Ordered: a greater value admits less plaintext.</summary>
public enum EffectiveMode
{
    /// <summary>Connections reach the application untouched; nothing is encrypted unless the client tunnels.</summary>
    Disable,

    /// <summary>Plaintext and mutual TLS are accepted. The default of a mesh without policies.</summary>
    Permissive,

    /// <summary>Mutual TLS only: plaintext is answered with a reset.</summary>
    Strict,
}

/// <summary>The names of modes as users write them.</summary>
public static class EffectiveModeText
{
    /// <summary><c>DISABLE</c>, <c>PERMISSIVE</c> or <c>STRICT</c>.</summary>
    public static string Text(this EffectiveMode mode) => mode switch
    {
        EffectiveMode.Disable => "DISABLE",
        EffectiveMode.Permissive => "PERMISSIVE",
        EffectiveMode.Strict => "STRICT",
        _ => throw new ArgumentOutOfRangeException(nameof(mode)),
    };
}
