using Spiffe.Agent.Authority.Rotation;
using Spiffe.Agent.Authority.Tokens;
using Spiffe.Agent.Authority.X509;
using Spiffe.Agent.Identity.Bundles;

namespace Spiffe.Agent.Authority;

/// <summary>A certificate authority and two token signers in memory: their keys are made here, are never exported, and end with the process.</summary>
/// <remarks>
/// Safe to use from many threads: signers read a snapshot and never wait for a rotation. Whether something may be signed is not decided here.
/// Keys rotate prepared → active → old. Who runs it calls <see cref="Advance"/> at <see cref="NextChange"/>, and now and then besides, for clocks jump;
/// a signature that finds its key out of its time advances by itself, and the next <see cref="Advance"/> then reports the change.
/// </remarks>
public sealed partial class EmbeddedAuthority : IDisposable
{
    private readonly AuthorityOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _rotation = new();
    private volatile AuthoritySnapshot _snapshot; // written under _rotation
    private TrustBundle _reported; // guarded by _rotation
    private volatile bool _disposed;

    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public EmbeddedAuthority(AuthorityOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        options.ThrowIfInvalid();
        (_options, _time) = (options, time);
        DateTimeOffset now = time.GetUtcNow();
        _snapshot = AuthoritySnapshot.Of(
            options.TrustDomain,
            new KeyRing<X509Issuer>(NewX509Issuer(now), null, []),
            new KeyRing<TokenIssuer>(NewJwtIssuer(now), null, []),
            new KeyRing<TokenIssuer>(NewWitIssuer(now), null, []),
            new KeyRing<TokenIssuer>(NewStatusIssuer(now), null, []),
            NextSequence(0, now),
            options.CaTtl);
        _reported = _snapshot.Bundle;
    }

    /// <summary>The current bundle: every key that is prepared, active, or old with SVIDs still out.</summary>
    public TrustBundle Bundle => _snapshot.Bundle;

    /// <summary>When <see cref="Advance"/> has work, by the wall clock; in the past when it has a change to report.</summary>
    public DateTimeOffset NextChange
    {
        get
        {
            lock (_rotation) return ReferenceEquals(_reported, _snapshot.Bundle) ? _snapshot.NextChange : DateTimeOffset.MinValue;
        }
    }

    /// <summary>Every key that the bundle shows, for status.</summary>
    public IReadOnlyList<SigningKeyStatus> Keys => _snapshot.Describe();

    /// <summary>Does what is due by the clock, whichever way it jumped.</summary>
    /// <returns>Whether the bundle changed since this was last asked.</returns>
    public bool Advance()
    {
        lock (_rotation)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Step();
            bool changed = !ReferenceEquals(_reported, _snapshot.Bundle);
            _reported = _snapshot.Bundle;
            return changed;
        }
    }

    /// <summary>Signs with other keys from now on, as an operator may want it. What was signed before holds until it expires.</summary>
    /// <returns><see langword="false"/>, and nothing done, while 16 old keys still have SVIDs out.</returns>
    public bool Rotate()
    {
        lock (_rotation)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            Step();
            AuthoritySnapshot was = _snapshot;
            if (was.X509.IsFull || was.Jwt.IsFull || was.Wit.IsFull || was.Status.IsFull) return false;
            DateTimeOffset now = _time.GetUtcNow();
            Publish(
                was.X509.Rotate(now, NewX509Issuer),
                was.Jwt.Rotate(now, NewJwtIssuer),
                was.Wit.Rotate(now, NewWitIssuer),
                was.Status.Rotate(now, NewStatusIssuer),
                now);
            return true;
        }
    }

    /// <summary>Destroys the keys. Signatures in progress end well; later ones throw.</summary>
    public void Dispose()
    {
        lock (_rotation)
        {
            if (_disposed) return;
            _disposed = true;
            foreach (IssuingKey key in _snapshot.Keys) key.Retire();
        }
    }

    // Under _rotation.
    private void Step()
    {
        DateTimeOffset now = _time.GetUtcNow();
        AuthoritySnapshot was = _snapshot;
        KeyRing<X509Issuer> x509 = was.X509.Advance(now, NewX509Issuer);
        KeyRing<TokenIssuer> jwt = was.Jwt.Advance(now, NewJwtIssuer);
        KeyRing<TokenIssuer> wit = was.Wit.Advance(now, NewWitIssuer);
        KeyRing<TokenIssuer> status = was.Status.Advance(now, NewStatusIssuer);
        if (x509 != was.X509 || jwt != was.Jwt || wit != was.Wit || status != was.Status) Publish(x509, jwt, wit, status, now);
    }

    // Under _rotation. First the new snapshot, then the end of the keys that it does not sign with: nobody meets a destroyed key twice.
    private void Publish(KeyRing<X509Issuer> x509, KeyRing<TokenIssuer> jwt, KeyRing<TokenIssuer> wit, KeyRing<TokenIssuer> status, DateTimeOffset now)
    {
        AuthoritySnapshot was = _snapshot;
        AuthoritySnapshot next = AuthoritySnapshot.Of(_options.TrustDomain, x509, jwt, wit, status, NextSequence(was.Bundle.Sequence!.Value, now), _options.CaTtl);
        if (next.Bundle.HasSameKeys(was.Bundle)) next = next with { Bundle = was.Bundle };
        _snapshot = next;
        foreach (IssuingKey key in was.Keys.Except(next.Live)) key.Retire();
    }

    /// <summary>Runs <paramref name="sign"/> with the key that is active, which cannot be destroyed meanwhile.</summary>
    private TResult With<TKey, TRequest, TResult>(
        Func<AuthoritySnapshot, KeyRing<TKey>> ring, TRequest request, Func<EmbeddedAuthority, TKey, TRequest, DateTimeOffset, TResult> sign)
        where TKey : IssuingKey
    {
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            DateTimeOffset now = _time.GetUtcNow();
            TKey key = ring(_snapshot).Active;
            if (!key.Period.Contains(now))
            {
                lock (_rotation) Step();
                continue;
            }

            if (!key.TryAcquire()) continue;
            try
            {
                return sign(this, key, request, now);
            }
            finally
            {
                key.Release();
            }
        }
    }

    private KeyPeriod PeriodFrom(DateTimeOffset now) =>
        new(WholeSeconds(now - _options.NotBeforeSlack), WholeSeconds(now + _options.CaTtl));

    private X509Issuer NewX509Issuer(DateTimeOffset now) => X509Issuer.Create(_options.TrustDomain, _options.CaKeyType, PeriodFrom(now));

    private TokenIssuer NewJwtIssuer(DateTimeOffset now) => new(_options.TokenKeyType, PeriodFrom(now), TokenIssuer.JwtType);

    private TokenIssuer NewWitIssuer(DateTimeOffset now) => new(_options.TokenKeyType, PeriodFrom(now), TokenIssuer.WitType);

    // P-256 whatever the rest is: cheap to make where nobody asks for lists, and every JOSE library knows ES256.
    private TokenIssuer NewStatusIssuer(DateTimeOffset now) => new(KeyType.Ec256, PeriodFrom(now), TokenIssuer.StatusListType);

    // Trust Domain and Bundle §4.1.1: larger with every change, and after a restart too, as long as the clock does not run backwards.
    private static ulong NextSequence(ulong last, DateTimeOffset now) => Math.Max(last + 1, (ulong)Math.Max(0, now.ToUnixTimeMilliseconds()));

    private static DateTimeOffset WholeSeconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());
}
