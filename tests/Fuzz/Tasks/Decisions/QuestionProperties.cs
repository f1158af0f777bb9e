using FsCheck;
using FsCheck.Fluent;
using Spiffe.Agent.Tasks.Decisions;

namespace Spiffe.Agent.Tests.Fuzz.Tasks.Decisions;

/// <summary>A question that was recorded is enough to decide again, and is read in one way only.</summary>
public sealed class QuestionProperties
{
    private static readonly Config Thorough = Config.QuickThrowOnFailure.WithMaxTest(3_000);

    [Fact]
    public void What_was_recorded_is_decided_again_with_the_same_verdict_for_the_same_reasons()
    {
        int[] verdicts = new int[3];
        Prop.ForAll(Questions.Any.ToArbitrary(), Questions.Policies.ToArbitrary(), (question, policies) =>
        {
            TaskDecision then = policies.Decide(question, "d");
            verdicts[(int)then.Verdict]++;
            foreach (TaskEntities? known in (TaskEntities?[])[null, question.Task, Other])
            {
                Assert.True(RecordedQuestion.TryRead(then.Input, known, out RecordedQuestion? recorded, out string fault), fault);
                TaskDecision now = policies.Decide(recorded, "d");

                Assert.Equal((then.Verdict, then.InputDigest, then.PolicyDigest), (now.Verdict, now.InputDigest, now.PolicyDigest));
                Assert.Equal(then.Reasons.AsEnumerable(), now.Reasons);
                Assert.Equal(then.Errors.AsEnumerable(), now.Errors);
                Assert.True(then.Input.Span.SequenceEqual(now.Input.Span));
            }
        }).Check(Thorough);
        Assert.All(verdicts, count => Assert.True(count > 100, string.Join(' ', verdicts))); // Of each kind enough to mean something.
    }

    [Fact]
    public void Changed_record_is_refused_or_is_another_question()
    {
        Prop.ForAll(Questions.Any.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (question, at, value) =>
        {
            byte[] record = RecordedQuestion.Of(question).Canonical.ToArray();
            byte[] changed = (value % 3) switch
            {
                0 => [.. record[..(at % record.Length)], (byte)value, .. record[(at % record.Length)..]],
                1 => [.. record[..(at % record.Length)], .. record[(at % record.Length + 1)..]],
                _ => [.. record[..(at % record.Length)], (byte)value, .. record[(at % record.Length + 1)..]],
            };
            if (!RecordedQuestion.TryRead(changed, question.Task, out RecordedQuestion? read, out string fault)) Assert.NotEmpty(fault);
            else Assert.True(read.Canonical.Span.SequenceEqual(changed));
        }).Check(Thorough);
    }

    private static TaskEntities Other { get; } = Gen.Sample(Questions.Any, 1).Single().Task;
}
