using System.CommandLine;
using System.Globalization;

namespace Spiffe.Agent.Cli.Audit;

/// <summary>Which entry, by its index, behind the directory or in its place: <c>show 12</c> is entry 12 of the daemon's log.</summary>
internal static class IndexArgument
{
    public static Argument<long?> Create() => new("INDEX")
    {
        Description = "The entry, from 0",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = argument =>
        {
            if (TryParse(argument.Tokens[0].Value, out long index)) return index;
            argument.AddError($"INDEX: {argument.Tokens[0].Value}: write a number, from 0");
            return null;
        },
    };

    /// <summary>A directory of digits alone is written with its path: ./12.</summary>
    public static (string Directory, long? Index) Resolve(string directory, long? index) =>
        index is null && TryParse(directory, out long only) ? (LogArgument.Customary, only) : (directory, index);

    private static bool TryParse(string text, out long index) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out index);
}
