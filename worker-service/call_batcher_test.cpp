#include "worker-service/call_batcher.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "libs/testing/sim_loop.hpp"

namespace orderflow::worker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// A call takes 10 ms. An entry below zero is refused.
class Batcher : public ::testing::Test {
  protected:
    task<Result<std::vector<Result<void>>>> call(std::vector<int> entries) {
        calls.push_back(entries);
        co_await sleep_until(loop, loop.clock().now() + call_takes);
        if (down) co_return fail(ErrorKind::unavailable, "queue.down");
        std::vector<Result<void>> results;
        for (const auto entry : entries) {
            results.push_back(entry < 0 ? fail(ErrorKind::invalid_input, "refused") : Result<void>());
        }
        co_return results;
    }
    void submit(int entry) { loop.spawn(await_answer(entry)); }
    task<void> await_answer(int entry) {  // the fixture outlives it
        const auto answer = co_await batcher.submit(entry);
        answers.push_back(std::to_string(entry) + (answer ? " ok" : " " + answer.error().code()));
    }

    SimLoop loop;
    bool down = false;
    BootClock::duration call_takes = 10ms;
    std::vector<std::vector<int>> calls;
    std::vector<std::string> answers;
    std::unique_ptr<CallBatcher<int>> owned = std::make_unique<CallBatcher<int>>(
        orders::LoopParts{loop, Spawner(loop.context().get_executor()), loop.clock()},
        [this](std::vector<int> entries) { return call(std::move(entries)); },
        CallLimits{.entries = 3, .calls = 2, .linger = 5ms});
    CallBatcher<int>& batcher = *owned;
};

TEST_F(Batcher, GivenAFirstEntry_ThenItWaitsForCompanyAndThenTheyShareACall) {
    submit(1);
    loop.advance(4ms);
    submit(2);
    loop.run_ready();
    EXPECT_THAT(calls, IsEmpty());

    loop.advance(1ms);
    EXPECT_THAT(calls, ElementsAre(ElementsAre(1, 2)));
    loop.advance(10ms);
    EXPECT_THAT(answers, ElementsAre("1 ok", "2 ok"));
}

TEST_F(Batcher, GivenHaste_ThenWhatWaitsAndWhatComesGoesAtOnce) {
    submit(1);
    loop.advance(1ms);
    batcher.hurry();
    loop.run_ready();
    EXPECT_THAT(calls, ElementsAre(ElementsAre(1)));

    submit(2);
    loop.run_ready();
    EXPECT_THAT(calls, ElementsAre(ElementsAre(1), ElementsAre(2)));
}

TEST_F(Batcher, GivenAFullCall_ThenItWaitsForNoMore) {
    submit(1);
    loop.advance(1ms);
    submit(2);
    submit(3);
    loop.run_ready();
    EXPECT_THAT(calls, ElementsAre(ElementsAre(1, 2, 3)));

    loop.advance(10ms);
    submit(4);
    loop.advance(4ms);
    EXPECT_THAT(calls, SizeIs(1)) << "the next one waits for company again";
}

TEST_F(Batcher, GivenAWaitForCompany_WhenAnotherCallTookItsEntry_ThenTheBatcherMayGoBeforeTheWaitEnds) {
    submit(1);
    loop.advance(12ms);
    submit(2);  // waits until 17 ms; the call of the first ends at 15 ms and takes it along
    call_takes = 1ms;
    loop.advance(4ms);
    ASSERT_THAT(calls, ElementsAre(ElementsAre(1), ElementsAre(2)));
    ASSERT_THAT(answers, ElementsAre("1 ok", "2 ok"));

    owned.reset();

    loop.advance(1s);  // under ASan: the wait touches nothing of it
}

TEST_F(Batcher, GivenMoreThanACallTakes_ThenTheRestGoesInTheNext) {
    for (int i = 1; i <= 4; ++i) submit(i);
    loop.advance(15ms);

    EXPECT_THAT(calls, ElementsAre(ElementsAre(1, 2, 3), ElementsAre(4)));
}

TEST_F(Batcher, GivenACallUnderWay_WhenEntriesCome_ThenAnotherGathersThem_UpToTheBoundOfCalls) {
    submit(1);
    loop.advance(5ms);
    submit(2);
    loop.advance(5ms);
    EXPECT_THAT(calls, SizeIs(2));

    submit(3);
    loop.advance(4ms);
    EXPECT_THAT(calls, SizeIs(2)) << "two are under way";
    loop.advance(1ms);
    EXPECT_THAT(calls, ElementsAre(ElementsAre(1), ElementsAre(2), ElementsAre(3)));
}

TEST_F(Batcher, GivenAnEntryThatIsRefused_ThenItAloneGetsTheError) {
    submit(1);
    submit(-2);
    loop.advance(15ms);

    EXPECT_THAT(answers, ElementsAre("1 ok", "-2 refused"));
}

TEST_F(Batcher, GivenACallThatFails_ThenEachOfItsEntriesGetsTheError_AndLaterOnesGoAgain) {
    down = true;
    submit(1);
    submit(2);
    loop.advance(15ms);
    EXPECT_THAT(answers, ElementsAre("1 queue.down", "2 queue.down"));

    down = false;
    submit(3);
    loop.advance(15ms);
    EXPECT_EQ(answers.back(), "3 ok");
}

}  // namespace
}  // namespace orderflow::worker
