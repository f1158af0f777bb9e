using System.Text;
using Spiffe.Agent.Attestation.Attestors.Engine;

namespace Spiffe.Agent.Tests.Unit.Attestation.Engines;

public sealed class EngineAnswerTests
{
    [Fact]
    public void Docker_s_container_is_read()
    {
        EngineContainer container = EngineAnswer.ReadContainer(RecordedAnswers.Docker)!;

        Assert.Equal((RecordedAnswers.DockerId, true, 122), (container.Id, container.IsRunning, container.ProcessId));
        Assert.Equal(("sha256:b84d0e3e8413737d584404097c558525545cd1be289654a1c34b76e5d5d92984", "wl:1"), (container.ImageDigest, container.ImageReference));
        Assert.Equal(("web", ""), (container.Name, container.PodId));
        Assert.Equal([new("com.example.role", "payments"), new("from.image", "yes"), new("odd:key", "a:b")], container.Labels);
        Assert.Equal(["SECRET=hunter2", "EQ=a=b", "IMAGE_ENV=1"], container.Environment);
        Assert.DoesNotContain("hunter2", container.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Podman_s_container_is_read()
    {
        EngineContainer container = EngineAnswer.ReadContainer(RecordedAnswers.Podman)!;

        Assert.Equal((RecordedAnswers.PodmanId, true, 352), (container.Id, container.IsRunning, container.ProcessId));
        Assert.Equal(("sha256:364e8493ee10318d98d8f35ee493bcb8d997cce49f189d1168b9546e2072f732", "localhost/usr:1"), (container.ImageDigest, container.ImageReference));
        Assert.Equal(("till", RecordedAnswers.PodId), (container.Name, container.PodId));
        Assert.Equal([new("role", "till")], container.Labels);
    }

    [Fact]
    public void Container_that_ended_does_not_run_and_may_have_nothing()
    {
        EngineContainer container = EngineAnswer.ReadContainer(RecordedAnswers.DockerEnded)!;

        Assert.Equal((false, 0), (container.IsRunning, container.ProcessId));
        Assert.Empty(container.Labels);
        Assert.Empty(container.Environment);
    }

    [Fact]
    public void Pod_is_named_if_it_is_that_one_and_has_the_container()
    {
        Assert.Equal("shop", EngineAnswer.ReadPodName(RecordedAnswers.Pod, RecordedAnswers.PodId, RecordedAnswers.PodmanId));
        Assert.Equal("", EngineAnswer.ReadPodName(RecordedAnswers.Pod, RecordedAnswers.PodId, RecordedAnswers.DockerId));
        Assert.Equal("", EngineAnswer.ReadPodName(RecordedAnswers.Pod, RecordedAnswers.PodmanId, RecordedAnswers.PodmanId));
        Assert.Null(EngineAnswer.ReadPodName("{}"u8.ToArray(), RecordedAnswers.PodId, RecordedAnswers.PodmanId));
    }

    [Fact]
    public void What_engines_say_beside_404_is_known()
    {
        Assert.True(EngineAnswer.IsMessage(RecordedAnswers.DockerUnknown));
        Assert.True(EngineAnswer.IsMessage(RecordedAnswers.PodmanUnknown));
        Assert.False(EngineAnswer.IsMessage("Not Found"u8.ToArray()));
    }

    [Theory]
    [InlineData("\"Id\":", "\"Id\":\"2184\",\"Id\":")]
    [InlineData("\"com.example.role\":\"payments\"", "\"com.example.role\":\"payments\",\"com.example.role\":\"root\"")]
    [InlineData("\"Pid\":122", "\"Pid\":\"122\"")]
    [InlineData("\"Pid\":122", "\"Pid\":4294967418")]
    [InlineData("\"Running\":true", "\"Running\":1")]
    [InlineData("\"Running\":true", "\"running\":true")]
    [InlineData("\"State\":{", "\"State\":null,\"Old\":{")]
    [InlineData("\"from.image\":\"yes\"", "\"from.image\":{}")]
    [InlineData("\"from.image\":\"yes\"", "\"from.image\":null")]
    [InlineData("\"IMAGE_ENV=1\"", "7")]
    [InlineData("\"Labels\":{", "\"Labels\":[],\"Old\":{")]
    [InlineData("\"Image\":\"wl:1\"", "\"Image\":\"\\ud800\"")]
    [InlineData("{\"Id\"", "[{\"Id\"")]
    [InlineData("\"Args\":[\"100\"]", "\"Args\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void What_the_api_does_not_say_is_malformed(string was, string becomes)
    {
        string changed = Encoding.UTF8.GetString(RecordedAnswers.Docker).Replace(was, becomes, StringComparison.Ordinal);

        Assert.NotNull(EngineAnswer.ReadContainer(RecordedAnswers.Docker));
        Assert.Null(EngineAnswer.ReadContainer(Encoding.UTF8.GetBytes(changed)));
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_malformed()
    {
        byte[] answer = [.. RecordedAnswers.Docker];
        answer[answer.AsSpan().IndexOf("payments"u8)] = 0xff;

        Assert.Null(EngineAnswer.ReadContainer(answer));
    }

    [Fact]
    public void Answer_cut_short_anywhere_is_malformed()
    {
        for (int length = 0; length < RecordedAnswers.Docker.Length - 1; length++) Assert.Null(EngineAnswer.ReadContainer(RecordedAnswers.Docker.AsMemory(0, length)));
    }
}
