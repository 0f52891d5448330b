#include "libs/orders/application/processing/payment_circuit.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "libs/testing/sim_loop.hpp"

namespace orderflow::orders {
namespace {

using Turn = PaymentCircuit::Turn;

CircuitPolicy policy() {
    CircuitPolicy result;
    result.open_after = 3;
    result.probe_min = 1s;
    result.probe_max = 4s;
    result.uncounted_for = 60s;
    return result;
}

class Circuit : public ::testing::Test {
  protected:
    void open() {
        for (std::uint32_t i = 0; i < policy().open_after; ++i) EXPECT_TRUE(circuit.failed(Turn::call));
    }
    std::size_t wait(bool tried = false) {
        turns.emplace_back();
        loop.spawn(await_turn(turns.size() - 1, tried));
        loop.run_ready();
        return turns.size() - 1;
    }
    task<void> await_turn(std::size_t place, bool tried) {  // the fixture outlives it
        const auto turn = co_await circuit.enter(tried, stop.get_token());
        turns[place] = turn;
    }
    void advance(BootClock::duration by) { loop.advance(by); }

    SimLoop loop;
    PaymentCircuit circuit{LoopParts{loop, Spawner(loop.context().get_executor()), loop.clock()}, policy()};
    std::stop_source stop;
    std::vector<std::optional<Turn>> turns;
};

TEST_F(Circuit, GivenFailuresWithAnAnswerBetween_WhenCounted_ThenItStaysClosed) {
    for (int i = 0; i < 10; ++i) {
        circuit.failed(Turn::call);
        circuit.failed(Turn::call);
        circuit.answered();
    }
    EXPECT_FALSE(circuit.is_open());
    EXPECT_EQ(turns[wait()], Turn::call);
}

TEST_F(Circuit, GivenFailuresInARow_WhenOpen_ThenOneProbeAtATimeIsLetThroughWithBackoff) {
    open();
    const auto first = wait();
    const auto second = wait();
    EXPECT_FALSE(turns[first].has_value());

    advance(1s);
    EXPECT_EQ(turns[first], Turn::probe);
    EXPECT_FALSE(turns[second].has_value());
    advance(1min);
    EXPECT_FALSE(turns[second].has_value());  // the first is still asking

    circuit.failed(Turn::probe);
    advance(1999ms);
    EXPECT_FALSE(turns[second].has_value());
    advance(1ms);
    EXPECT_EQ(turns[second], Turn::probe);
}

TEST_F(Circuit, GivenAnAnswer_WhenOpen_ThenEverybodyGoesOn) {
    open();
    const auto first = wait();
    const auto second = wait();
    advance(1s);

    circuit.answered();
    loop.run_ready();

    EXPECT_FALSE(circuit.is_open());
    EXPECT_EQ(turns[first], Turn::probe);
    EXPECT_EQ(turns[second], Turn::call);
}

TEST_F(Circuit, GivenOneThatHasTried_WhenOthersHaveNot_ThenTheyComeFirst) {
    open();
    const auto tried = wait(true);
    const auto fresh = wait(false);

    advance(1s);

    EXPECT_EQ(turns[fresh], Turn::probe);
    EXPECT_FALSE(turns[tried].has_value());
}

TEST_F(Circuit, GivenNobodyWaits_WhenAProbeIsDue_ThenItAsksForSomebodyAndTheFirstWhoComesMakesIt) {
    int changes = 0;
    circuit.on_change([&changes] { ++changes; });
    open();
    EXPECT_FALSE(circuit.needs_probe());
    advance(1s);

    EXPECT_TRUE(circuit.needs_probe());
    EXPECT_EQ(changes, 2);
    EXPECT_EQ(turns[wait()], Turn::probe);
    EXPECT_FALSE(turns[wait()].has_value());
}

TEST_F(Circuit, GivenAnOutage_WhenItLasts_ThenFailuresCountOnlyAfterTheGrace) {
    open();
    advance(1s);
    EXPECT_FALSE(circuit.failed(Turn::probe));
    EXPECT_FALSE(circuit.failed(Turn::call));  // a call from before
    advance(58s);
    EXPECT_FALSE(circuit.failed(Turn::probe));
    advance(1s);
    EXPECT_TRUE(circuit.failed(Turn::probe));
}

TEST_F(Circuit, GivenItClosedAndOpenedAgain_WhenAnOldTimerFires_ThenItLetsNobodyThrough) {
    open();
    advance(900ms);
    circuit.answered();
    open();
    const auto waiter = wait();

    advance(100ms);
    EXPECT_FALSE(turns[waiter].has_value());
    advance(900ms);
    EXPECT_EQ(turns[waiter], Turn::probe);
}

TEST_F(Circuit, GivenAStop_WhenWaiting_ThenNoCallIsMade) {
    open();
    const auto waiter = wait();

    stop.request_stop();
    loop.run_ready();

    EXPECT_EQ(turns[waiter], Turn::stop);
    EXPECT_EQ(turns[wait()], Turn::stop);
}

}  // namespace
}  // namespace orderflow::orders
