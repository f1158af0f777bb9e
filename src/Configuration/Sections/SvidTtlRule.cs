using Spiffe.Agent.Configuration.Values;

namespace Spiffe.Agent.Configuration.Sections;

/// <summary>How long an SVID may live under an authority: 5s at least; a sixth of <c>ca_ttl</c> and 7d at most, so that no signing key ends before what it signed.</summary>
internal sealed class SvidTtlRule
{
    private static readonly TimeSpan Min = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Max = TimeSpan.FromDays(7);

    private readonly TimeSpan _caTtl;
    private readonly TimeSpan _max;

    public SvidTtlRule(TimeSpan caTtl)
    {
        _caTtl = caTtl;
        TimeSpan part = TimeSpan.FromSeconds((long)caTtl.TotalSeconds / AuthorityOptions.MaxSvidPartOfCaTtl);
        _max = part < Max ? part : Max;
    }

    /// <summary>The written lifetime, or null where none is or it is at fault.</summary>
    public TimeSpan? Read(Section section, string key)
    {
        if (section.Single(key) is not { } value) return null;
        if (!DurationText.TryParse(value.Text, out TimeSpan ttl))
        {
            value.Fault("is not a duration", DurationText.Remedy);
        }
        else if (ttl < Min || ttl > Max)
        {
            value.Fault("is out of range", $"choose from {DurationText.Format(Min)} to {DurationText.Format(Max)}");
        }
        else if (ttl > _max)
        {
            string needed = DurationText.Format(ttl * AuthorityOptions.MaxSvidPartOfCaTtl);
            value.Fault(
                $"is more than a sixth of authority.ca_ttl ({DurationText.Format(_caTtl)}): a signing key could end before it",
                $"write at most {DurationText.Format(_max)}, or raise authority.ca_ttl to {needed}");
        }
        else
        {
            return ttl;
        }

        return null;
    }

    /// <summary>The written lifetime, else the default, shortened where <c>ca_ttl</c> asks for it.</summary>
    public TimeSpan Read(Section section, string key, TimeSpan otherwise) => Read(section, key) ?? Default(otherwise);

    /// <summary>A default, shortened where <c>ca_ttl</c> asks for it.</summary>
    public TimeSpan Default(TimeSpan otherwise) => otherwise < _max ? otherwise : _max;
}
