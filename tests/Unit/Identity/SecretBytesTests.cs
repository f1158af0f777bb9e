using Spiffe.Agent.Identity;

namespace Spiffe.Agent.Tests.Unit.Identity;

public class SecretBytesTests
{
    [Fact]
    public void Bytes_are_zeroed_on_dispose_where_they_stand()
    {
        SecretBytes secret = SecretBytes.Create(4, 0, (span, _) => span.Fill(7));
        unsafe
        {
            nint address = secret.Reveal(span =>
            {
                fixed (byte* first = span) return (nint)first;
            });
            Assert.Equal(7, *(byte*)address);
            secret.Dispose();
            Assert.Equal(0, *(int*)address);
        }

        Assert.Throws<ObjectDisposedException>(() => secret.Reveal(span => span.Length));
        Assert.Throws<ObjectDisposedException>(() => secret.CopyTo(new byte[4]));
        Assert.Equal("[redacted]", secret.ToString());
    }

    [Fact]
    public void A_copy_is_its_own()
    {
        byte[] source = [1, 2, 3];
        using SecretBytes secret = SecretBytes.CopyOf(source);
        source[0] = 9;
        byte[] copy = new byte[3];
        secret.CopyTo(copy);
        Assert.Equal([1, 2, 3], copy);
        Assert.Throws<ArgumentException>(() => secret.CopyTo(new byte[2]));
    }
}
