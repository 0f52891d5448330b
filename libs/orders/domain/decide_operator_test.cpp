// What an operator's command changes, decided over loaded state.
#include "libs/orders/domain/decide_operator.hpp"

#include <gtest/gtest.h>

#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {
namespace {

using Kind = OperatorStep::Kind;

StoredDeadLetter letter(std::int64_t number, LetterState state = LetterState::open) {
    StoredDeadLetter result(number, samples::letter("m" + std::to_string(number)), samples::at(1));
    result.state = state;
    return result;
}

OperatorCommand acting(LetterAction action, std::vector<std::int64_t> numbers) {
    OperatorCommand command("cmd", ActOnLetters{action, {std::move(numbers), {}}, 0}, samples::at(5));
    command.by = "kim";
    command.reason = "the provider is back";
    return command;
}

OperatorLoaded loaded(std::vector<StoredDeadLetter> letters, const CommandRecord* record = nullptr) {
    OperatorLoaded result;
    result.record = record;
    result.newest_letter = 9;
    result.letters = std::move(letters);
    return result;
}

OperatorDecision decide(const OperatorChange& change, OperatorLoaded state) {
    return decide_operator(change, std::move(state), samples::at(7));
}

TEST(DecideOperator, GivenLettersThatAreNotOpen_WhenRedriven_ThenOnlyTheOpenOnesAreToBeSent) {
    const auto decision =
        decide(acting(LetterAction::redrive, {1, 2, 3}),
               loaded({letter(1, LetterState::redriven), letter(2), letter(3, LetterState::discarded)}));

    ASSERT_EQ(decision.step.kind, Kind::send);
    ASSERT_EQ(decision.step.letters.size(), 1U);
    EXPECT_EQ(decision.step.letters[0].number, 2);
    EXPECT_EQ(decision.step.letters[0].body, "{}");
    EXPECT_EQ(decision.step.through, 3);
    EXPECT_TRUE(decision.letters.empty()) << "a letter is redriven when its message is out";
}

TEST(DecideOperator, GivenAPauseFromAnApiWhoseClockIsAhead_WhenResumedThroughARightOne_ThenItIsResumed) {
    const OperatorCommand pause("fast", DirectWorkers{DirectWorkers::Action::pause}, samples::at(600));
    const OperatorCommand resume("right", DirectWorkers{DirectWorkers::Action::resume}, samples::at(8));
    OperatorLoaded paused;
    paused.workers = decide_operator(pause, {}, samples::at(7)).workers.value();

    const auto resumed = decide_operator(resume, std::move(paused), samples::at(9));

    ASSERT_TRUE(resumed.workers) << resumed.record->code;
    EXPECT_FALSE(resumed.workers->paused);
}

TEST(DecideOperator, GivenANewCommand_ThenItsRecordSaysWhoWhatAndWhen) {
    const auto record = decide(acting(LetterAction::redrive, {1, 2}), loaded({letter(1)})).record.value();

    EXPECT_EQ(record.id, "cmd");
    EXPECT_EQ(record.action, "dead-letters.redrive");
    EXPECT_EQ(record.target, "dead letters 1, 2");
    EXPECT_EQ(record.by, "kim");
    EXPECT_EQ(record.reason, "the provider is back");
    EXPECT_EQ(record.requested_at, samples::at(5));
    EXPECT_EQ(record.started_at, samples::at(7));
    EXPECT_EQ(record.state, CommandState::running);
    EXPECT_FALSE(record.finished_at);
}

TEST(DecideOperator, GivenMessagesThatWereSent_WhenToldTwice_ThenTheyAreCountedOnce) {
    const auto record = decide(acting(LetterAction::redrive, {1}), loaded({letter(1)})).record.value();
    LettersSent sent;
    sent.command_id = "cmd";
    sent.letters = {{1}};
    sent.through = 1;
    const auto first = decide(sent, loaded({letter(1)}, &record));
    const auto& after = first.record.value();

    const auto second = decide(sent, loaded(first.letters, &after));

    EXPECT_EQ(first.letters.at(0).state, LetterState::redriven);
    EXPECT_EQ(after.changed, 1);
    EXPECT_EQ(after.through, 1);
    EXPECT_EQ(second.record->changed, 1);
    EXPECT_TRUE(second.letters.empty());
}

TEST(DecideOperator, GivenALetterThatWasEditedOrDiscardedWhileItsMessageWentOut_ThenThatStands) {
    const auto step = decide(acting(LetterAction::redrive, {1, 2}), loaded({letter(1), letter(2)}));
    LettersSent sent;
    sent.command_id = "cmd";
    for (const auto& out : step.step.letters) sent.letters.emplace_back(out.number, out.changed_by);
    auto edited = letter(1);
    edited.changed_by = "edit";
    auto discarded = letter(2, LetterState::discarded);
    discarded.changed_by = "discard";

    const auto told = decide(sent, loaded({edited, discarded}, &*step.record));

    EXPECT_TRUE(told.letters.empty());
    EXPECT_EQ(told.record->changed, 0);
}

TEST(DecideOperator, GivenACommandThatIsOver_ThenNothingIsLoadedAndNothingChanges) {
    auto over = decide(acting(LetterAction::discard, {1}), loaded({letter(1)})).record.value();
    over.state = CommandState::done;

    EXPECT_FALSE(letters_wanted(acting(LetterAction::discard, {1}), &over));
    const auto decision = decide(acting(LetterAction::discard, {1}), loaded({letter(1)}, &over));
    EXPECT_EQ(decision.step.kind, Kind::finished);
    EXPECT_FALSE(decision.record);
    EXPECT_TRUE(decision.letters.empty());
}

TEST(DecideOperator, GivenAFilter_ThenLettersThatComeLaterAreNotMeant) {
    OperatorCommand command("cmd", ActOnLetters{LetterAction::redrive, {}, 0}, samples::at(5));
    const auto record = decide(command, loaded({letter(4)})).record.value();

    const auto query = letters_wanted(command, &record).value();

    EXPECT_EQ(record.bound, 9);
    EXPECT_EQ(query.up_to, 9);
    EXPECT_EQ(query.state, LetterState::open);
}

TEST(DecideOperator, GivenNothingOfAPageThatIsOpen_WhenRedriven_ThenTheNextPageIsLookedAt) {
    const auto decision = decide(acting(LetterAction::redrive, {1, 2}), loaded({letter(1, LetterState::redriven)}));

    EXPECT_EQ(decision.step.kind, Kind::again);
    EXPECT_EQ(decision.record->through, 1);
}

TEST(DecideOperator, GivenNoLetterInTheStateForIt_WhenFinished_ThenItIsRefusedAndAllAreSkipped) {
    auto record = decide(acting(LetterAction::restore, {1, 2}), loaded({letter(1)})).record.value();

    const auto decision = decide(acting(LetterAction::restore, {1, 2}), loaded({}, &record));

    EXPECT_EQ(decision.step.kind, Kind::finished);
    EXPECT_EQ(decision.record->state, CommandState::refused);
    EXPECT_EQ(decision.record->code, "letter.none");
    EXPECT_EQ(decision.record->skipped, 2);
    EXPECT_EQ(decision.record->finished_at, samples::at(7));
}

TEST(DecideOperator, GivenAMessageThatItsQueueNeverTakes_ThenTheLetterStaysOpenAndTheRecordNamesTheCode) {
    const auto record = decide(acting(LetterAction::redrive, {1}), loaded({letter(1)})).record.value();
    LettersSent none;
    none.command_id = "cmd";
    none.through = 1;
    none.refusal = "queue.too_large";
    const auto told = decide(none, loaded({}, &record)).record.value();

    const auto end = decide(acting(LetterAction::redrive, {1}), loaded({}, &told));

    EXPECT_EQ(end.record->state, CommandState::refused);
    EXPECT_EQ(end.record->code, "queue.too_large");
}

TEST(DecideOperator, GivenAnEdit_ThenTheFirstBodyIsKept) {
    OperatorCommand command("cmd", EditLetter(1, "[1]"), samples::at(5));
    const auto first = decide(command, loaded({letter(1)}));
    OperatorCommand again("cmd2", EditLetter(1, "[2]"), samples::at(6));

    const auto second = decide(again, loaded(first.letters));

    EXPECT_EQ(first.record->state, CommandState::done);
    EXPECT_EQ(second.letters.at(0).letter.body, "[2]");
    EXPECT_EQ(second.letters.at(0).original_body, "{}");
}

OperatorDecision stock_change(ChangeStock::Mode mode, std::int64_t quantity, std::optional<Stock> stock) {
    auto state = loaded({});
    state.stock = stock;
    return decide(OperatorCommand("cmd", ChangeStock(samples::sku("mug"), mode, quantity), samples::at(5)),
                  std::move(state));
}

TEST(DecideOperator, GivenAChangeOfStock_ThenItNeverGoesBelowWhatIsReserved) {
    using Mode = ChangeStock::Mode;
    const Stock stock{10, 4};

    EXPECT_EQ(stock_change(Mode::set, 4, stock).on_hand, 4);
    EXPECT_EQ(stock_change(Mode::add, -6, stock).on_hand, 4);
    EXPECT_EQ(stock_change(Mode::add, 5, stock).on_hand, 15);
    EXPECT_EQ(stock_change(Mode::add, 5, stock).record->detail, "15 on hand, 10 before; 4 reserved.");
    EXPECT_EQ(stock_change(Mode::add, 5, stock).record->state, CommandState::done);
    for (const auto& refused : {stock_change(Mode::set, 3, stock), stock_change(Mode::add, -7, stock)}) {
        EXPECT_EQ(refused.record->code, "stock.below_reserved");
        EXPECT_EQ(refused.record->state, CommandState::refused);
        EXPECT_FALSE(refused.on_hand);
    }
    EXPECT_EQ(stock_change(Mode::add, limits::on_hand_max, stock).record->code, "stock.out_of_range");
    EXPECT_EQ(stock_change(Mode::set, 1, std::nullopt).record->code, "stock.unknown_sku");
}

TEST(DecideOperator, GivenARate_ThenAPageIsNotMoreThanASecond) {
    auto command = acting(LetterAction::redrive, {1, 2});
    std::get<ActOnLetters>(command.wish).per_second = 7;

    EXPECT_EQ(letters_wanted(command, nullptr)->limit, 7U);
    std::get<ActOnLetters>(command.wish).per_second = 700;
    EXPECT_EQ(letters_wanted(command, nullptr)->limit, letters_page_max);
}

TEST(DecideOperator, GivenACommandThatRuns_WhenStopped_ThenItGoesNoFurtherAndWhatIsOutIsOut) {
    auto state = loaded({});
    state.other = decide(acting(LetterAction::redrive, {1, 2}), loaded({letter(1)})).record;
    const OperatorCommand stop("stop", StopCommand{"cmd"}, samples::at(6));

    const auto decision = decide(stop, std::move(state));

    ASSERT_TRUE(decision.other);
    EXPECT_EQ(decision.other->state, CommandState::stopped);
    EXPECT_EQ(decision.record->state, CommandState::done);
    EXPECT_EQ(decide(acting(LetterAction::redrive, {1, 2}), loaded({}, &*decision.other)).step.kind, Kind::finished);
    LettersSent sent;
    sent.command_id = "cmd";
    sent.letters = {{1}};
    EXPECT_EQ(letters_wanted(sent, &*decision.other)->numbers, std::vector<std::int64_t>{1});
    const auto late = decide(sent, loaded({letter(1)}, &*decision.other));
    EXPECT_EQ(late.step.kind, Kind::finished);
    EXPECT_EQ(late.letters.at(0).state, LetterState::redriven);
    EXPECT_EQ(late.record->state, CommandState::stopped);
    EXPECT_EQ(late.record->changed, 1);
}

TEST(DecideOperator, GivenACommandThatIsOverOrItself_WhenStopped_ThenItIsRefused) {
    const OperatorCommand stop("stop", StopCommand{"cmd"}, samples::at(6));
    auto over = loaded({});
    over.other = decide(acting(LetterAction::redrive, {1}), loaded({letter(1)})).record;
    over.other->state = CommandState::done;

    EXPECT_EQ(decide(stop, std::move(over)).record->code, "command.over");
    EXPECT_EQ(decide(OperatorCommand("stop", StopCommand{"stop"}, samples::at(6)), loaded({})).record->code,
              "command.over");
}

TEST(DecideOperator, GivenACommandThatNobodyTookUp_WhenStopped_ThenItIsOverBeforeItComes) {
    const auto stopped = decide(OperatorCommand("stop", StopCommand{"cmd"}, samples::at(6)), loaded({}));

    EXPECT_EQ(stopped.record->state, CommandState::done);
    EXPECT_EQ(stopped.record->changed, 1);
    ASSERT_TRUE(stopped.other);
    EXPECT_EQ(stopped.other->id, "cmd");
    EXPECT_EQ(stopped.other->state, CommandState::stopped);
    EXPECT_EQ(stopped.other->action, unknown_action);

    const auto command = acting(LetterAction::redrive, {1});
    EXPECT_FALSE(letters_wanted(command, &*stopped.other));
    const auto late = decide(command, loaded({letter(1)}, &*stopped.other));
    EXPECT_EQ(late.step.kind, Kind::finished);
    ASSERT_TRUE(late.record);
    EXPECT_EQ(late.record->action, "dead-letters.redrive");
    EXPECT_EQ(late.record->by, "kim");
    EXPECT_EQ(late.record->state, CommandState::stopped);
    EXPECT_FALSE(decide(command, loaded({letter(1)}, &*late.record)).record) << "said once";
}

TEST(DecideOperator, GivenLettersThatAreCounted_WhenACommandBegins_ThenItsRecordSaysHowManyForGood) {
    const auto command = acting(LetterAction::redrive, {});
    ASSERT_NE(letters_counted(command, nullptr), nullptr);
    auto begins = loaded({letter(1)});
    begins.matched = 250;
    const auto record = decide(command, std::move(begins)).record.value();

    EXPECT_EQ(record.matched, 250);
    EXPECT_EQ(letters_counted(command, &record), nullptr) << "once";
    EXPECT_EQ(letters_counted(OperatorCommand("stop", StopCommand{"cmd"}, samples::at(6)), nullptr), nullptr);
}

TEST(DecideOperator, GivenAnEditOfWhatIsNotThereNotOpenOrStored_ThenItIsRefused) {
    OperatorCommand command("cmd", EditLetter(1, "[1]"), samples::at(5));
    auto stored = loaded({letter(1)});
    stored.order_is_stored = true;

    EXPECT_EQ(decide(command, loaded({})).record->code, "letter.unknown");
    EXPECT_EQ(decide(command, loaded({letter(1, LetterState::redriven)})).record->code, "letter.not_open");
    EXPECT_EQ(decide(command, std::move(stored)).record->code, "letter.order_stored");
}

}  // namespace
}  // namespace orderflow::orders
