using System.Collections.Immutable;
using System.Globalization;
using Spiffe.Agent.Configuration.Values;
using Spiffe.Agent.Registration;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>Values with a meaning: each answers its default where nothing usable is written, and says what is wrong with the rest.</summary>
internal sealed partial class Section
{
    /// <summary>Whether something else than a mapping stands here: it has its fault already, so nothing in it is missing as well.</summary>
    public bool IsBroken { get; private init; }

    public TimeSpan Duration(string key, TimeSpan otherwise, TimeSpan min, TimeSpan max) => OptionalDuration(key, min, max) ?? otherwise;

    public TimeSpan? OptionalDuration(string key, TimeSpan min, TimeSpan max)
    {
        if (Single(key) is not { } value) return null;
        if (!DurationText.TryParse(value.Text, out TimeSpan duration)) value.Fault("is not a duration", DurationText.Remedy);
        else if (duration < min || duration > max) value.Fault("is out of range", $"choose from {DurationText.Format(min)} to {DurationText.Format(max)}");
        else return duration;
        return null;
    }

    public long Size(string key, long otherwise, long min, long max)
    {
        if (Single(key) is not { } value) return otherwise;
        if (!SizeText.TryParse(value.Text, out long bytes)) value.Fault("is not a size", SizeText.Remedy);
        else if (bytes < min || bytes > max) value.Fault("is out of range", $"choose from {SizeText.Format(min)} to {SizeText.Format(max)}");
        else return bytes;
        return otherwise;
    }

    public int Number(string key, int otherwise, int min, int max)
    {
        if (Single(key) is not { } value) return otherwise;
        string remedy = string.Create(CultureInfo.InvariantCulture, $"choose a whole number from {min} to {max}");
        if (!int.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)) value.Fault("is not a whole number", remedy);
        else if (number < min || number > max) value.Fault("is out of range", remedy);
        else return number;
        return otherwise;
    }

    public bool Switch(string key, bool otherwise)
    {
        if (Single(key) is not { } value) return otherwise;
        if (value.Text is "true" or "false") return value.Text is "true";
        value.Fault("is neither true nor false", "write true or false");
        return otherwise;
    }

    /// <summary>A list of texts, each once, none when it is not written. Those at fault are left out.</summary>
    public ImmutableArray<string> DistinctTexts(string key, int max, Func<string, bool> isValid, string problem, string remedy) =>
        [.. Distinct(key, max, isValid, problem, remedy).Select(value => value.Text)];

    /// <summary>As above, with the place of each.</summary>
    public IReadOnlyList<Value> Distinct(string key, int max, Func<string, bool> isValid, string problem, string remedy)
    {
        List<Value> read = [];
        foreach (Value value in Texts(key))
        {
            if (!isValid(value.Text)) value.Fault(problem, remedy);
            else if (read.Exists(other => string.Equals(other.Text, value.Text, StringComparison.Ordinal))) value.Fault("is listed twice", "keep one of them");
            else if (read.Count == max) value.Fault("is one too many", string.Create(CultureInfo.InvariantCulture, $"list at most {max}"));
            else read.Add(value);
        }

        return read;
    }

    /// <summary>One of a few words.</summary>
    public T Choice<T>(string key, T otherwise, ImmutableArray<(string Word, T Meaning)> words)
    {
        if (Single(key) is not { } value) return otherwise;
        foreach ((string word, T meaning) in words)
        {
            if (string.Equals(word, value.Text, StringComparison.Ordinal)) return meaning;
        }

        string known = string.Join(", ", words.Select(w => w.Word));
        string hint = Suggestion.Nearest(value.Text, words.Select(w => w.Word)) is { } nearest ? $"did you mean '{nearest}'? " : "";
        value.Fault("is not one of the words for this", $"{hint}choose from {known}");
        return otherwise;
    }
}
