#include "libs/async/shared_answer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <vector>

#include "libs/testing/sim_loop.hpp"

namespace orderflow {
namespace {

class SharedAnswerTest : public ::testing::Test {
  protected:
    // Takes a second; the answer is how often it was asked. The fixture outlives it.
    task<int> ask() {
        const auto number = ++asked;
        co_await sleep_until(loop, loop.clock().now() + 1s);
        if (number == throws_at) throw std::runtime_error("bug");
        co_return number;
    }
    task<void> get_into(std::vector<int>& out) { out.push_back(co_await answer.get()); }  // both outlive it

    SimLoop loop;
    int asked = 0;
    int throws_at = 0;
    SharedAnswer<int> answer{loop, loop.clock(), 1s, [this] { return ask(); }};
};

TEST_F(SharedAnswerTest, GivenAQuestionUnderWay_WhenOthersAskToo_ThenItIsPutOnceAndAllHaveItsAnswer) {
    std::vector<int> got;
    for (int i = 0; i < 5; ++i) loop.spawn(get_into(got));
    loop.advance(1s);
    EXPECT_EQ(got, (std::vector<int>{1, 1, 1, 1, 1}));
    EXPECT_EQ(asked, 1);
}

TEST_F(SharedAnswerTest, GivenAnAnswer_WhenAskedAgain_ThenItIsGoodForItsTimeAndNotLonger) {
    EXPECT_EQ(loop.run(answer.get()), 1);
    loop.advance(999ms);
    EXPECT_EQ(loop.run(answer.get()), 1);
    loop.advance(1ms);
    EXPECT_EQ(loop.run(answer.get()), 2);
}

TEST_F(SharedAnswerTest, GivenAQuestionThatThrows_WhenAskedAgain_ThenItIsPutAgain) {
    throws_at = 1;
    EXPECT_THROW(loop.run(answer.get()), std::runtime_error);
    EXPECT_EQ(loop.run(answer.get()), 2);
}

}  // namespace
}  // namespace orderflow
