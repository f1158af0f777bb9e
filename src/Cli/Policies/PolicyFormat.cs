using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Spiffe.Agent.Cli.Output;
using Spiffe.Agent.Policy.Formatting;
using Spiffe.Agent.Policy.Syntax;

namespace Spiffe.Agent.Cli.Policies;

/// <summary><c>policy format</c>: lays policies out; comments stay. Prints them, or with <c>--write</c> puts them in place, or with <c>--check</c> says which files would change.</summary>
internal static class PolicyFormat
{
    private const int MaxBytes = 3 * SyntaxLimits.MaxSourceLength;

    public static Command Create(Terminal terminal)
    {
        Command command = new("format", "Lay policies out. Comments stay.");
        Argument<string[]> paths = new("FILE") { Description = "Files of Cedar policies; - for standard input", Arity = ArgumentArity.OneOrMore };
        Option<bool> write = new("--write") { Description = "Change the files in place" };
        Option<bool> check = new("--check") { Description = "Change nothing; name the files that would change and end with 1" };
        command.Add(paths);
        command.Add(write);
        command.Add(check);
        command.Validators.Add(result =>
        {
            if (result.GetValue(write) && result.GetValue(check)) result.AddError("--write and --check: keep one of them");
            if (result.GetValue(write) && result.GetValue(paths)?.Contains("-", StringComparer.Ordinal) == true) result.AddError("--write: standard input cannot be changed in place");
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(paths), parsed.GetValue(write), parsed.GetValue(check), terminal, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string[] paths, bool write, bool check, Terminal terminal, CancellationToken cancellationToken)
    {
        int status = ExitCodes.Done;
        foreach (string path in paths)
        {
            InputText input = await InputText.ReadAsync(path, MaxBytes, terminal, cancellationToken);
            string source = input.Text;
            if (!PolicyFormatter.TryFormat(source, out string? formatted, out ImmutableArray<SyntaxError> errors))
            {
                LineMap lines = new(source);
                foreach (SyntaxError error in errors) terminal.Error.WriteLine(SafeText.Of(new PolicyFault(input.Place, lines.PositionOf(error.Span.Start), error.Message).ToString()));
                status = ExitCodes.BadInput;
                continue;
            }

            bool changes = !string.Equals(formatted, source, StringComparison.Ordinal);
            if (!write && !check) terminal.Out.Write(formatted);
            else if (changes) terminal.Out.WriteLine(SafeText.Of(input.Place));
            if (write && changes) await ReplaceAsync(path, formatted, cancellationToken);
            if (check && changes && status == ExitCodes.Done) status = ExitCodes.Failed;
        }

        return status;
    }

    /// <summary>Writes beside the file and renames, so that it is never half a file. Its mode stays.</summary>
    private static async Task ReplaceAsync(string path, string text, CancellationToken cancellationToken)
    {
        string target = new FileInfo(path).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(path);
        string beside = $"{target}.{Guid.NewGuid():N}.new";
        try
        {
            await using (FileStream file = new(beside, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = File.GetUnixFileMode(target) }))
                await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellationToken);
            File.Move(beside, target, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(beside);
            throw new FaultException(new Fault(ExitCodes.CannotCreate, path, $"cannot be written: {e.Message}", "check the rights of its directory"));
        }
    }
}
