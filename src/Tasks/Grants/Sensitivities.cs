namespace Spiffe.Agent.Tasks.Grants;

/// <summary>The names of <see cref="Sensitivity"/> in JSON, in configuration and on the wire.</summary>
public static class Sensitivities
{
    private static readonly string[] Names = ["public", "internal", "confidential", "restricted"];

    public static string NameOf(Sensitivity sensitivity) => Names[(int)sensitivity];

    /// <summary>Reads a name: exactly as it is written here, nothing else.</summary>
    public static bool TryParse(ReadOnlySpan<char> name, out Sensitivity sensitivity)
    {
        sensitivity = Sensitivity.Public;
        for (int i = 0; i < Names.Length; i++)
        {
            if (!name.SequenceEqual(Names[i])) continue;
            sensitivity = (Sensitivity)i;
            return true;
        }

        return false;
    }
}
