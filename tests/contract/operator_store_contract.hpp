// The contract of the OperatorStore and OperatorReader ports beside the OrderStore that keeps the dead letters.
//
// An Adapter gives, beside what order_store_contract_fixture.hpp asks for: `orders::OperatorStore& operators()` and
// `orders::OperatorReader& operator_reader()`.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "tests/contract/order_store_contract_fixture.hpp"

namespace orderflow::orders {

template <class Adapter>
class OperatorStoreContract : public OrderStoreFixture<Adapter> {
  protected:
    using Kind = OperatorStep::Kind;

    // Letters 1, 2, ... of messages m1, m2, ... with these codes.
    void park(const std::vector<std::string>& codes) {
        for (const auto& code : codes) {
            this->apply(ParkMessage(samples::letter("m" + std::to_string(++parked_), code)));
        }
    }
    static OperatorCommand command(std::string id, OperatorCommand::Wish wish) {
        OperatorCommand result(std::move(id), std::move(wish), samples::at(3));
        result.by = "kim";
        result.reason = "a reason";
        return result;
    }
    static OperatorCommand acting(std::string id, LetterAction action, std::vector<std::int64_t> numbers) {
        return command(std::move(id), ActOnLetters{action, {std::move(numbers), {}}, 0});
    }
    static OperatorCommand acting_on_all(std::string id, LetterAction action, LetterFilter filter = {}) {
        return command(std::move(id), ActOnLetters{action, {{}, std::move(filter)}, 0});
    }
    OperatorStep operate(OperatorChange change) {
        return this->value_of(this->loop().run(this->setup.operators().operate(std::move(change))));
    }
    // As the worker would, with queues that take everything; the numbers that were sent.
    std::vector<std::int64_t> carry_out(const OperatorCommand& wanted) {
        std::vector<std::int64_t> sent;
        for (int steps = 0; steps < 1000; ++steps) {
            const auto step = operate(wanted);
            if (step.kind == Kind::finished) return sent;
            if (step.kind == Kind::again) continue;
            LettersSent report;
            report.command_id = wanted.id;
            report.through = step.through;
            for (const auto& letter : step.letters) {
                report.letters.emplace_back(letter.number, letter.changed_by);
                sent.push_back(letter.number);
            }
            operate(report);
        }
        ADD_FAILURE() << "the command does not end";
        return sent;
    }

    LetterPage find(LetterQuery query) {
        return this->value_of(this->loop().run(this->setup.operator_reader().letters(std::move(query))));
    }
    std::vector<std::int64_t> numbers(const LetterQuery& query) {
        std::vector<std::int64_t> found;
        for (const auto& letter : find(query).letters) found.push_back(letter.number);
        return found;
    }
    std::vector<std::int64_t> in_state(LetterState state) {
        LetterQuery query;
        query.state = state;
        query.limit = 100;
        return numbers(query);
    }
    StoredDeadLetter letter(std::int64_t number) {
        return this->value_of(this->loop().run(this->setup.operator_reader().letter(number))).value();
    }
    CommandRecord record(const std::string& id) {
        return this->value_of(this->loop().run(this->setup.operator_reader().command(id))).value();
    }
    std::vector<LetterGroup> groups(LetterState state = LetterState::open) {
        return this->value_of(this->loop().run(this->setup.operator_reader().letter_groups(state)));
    }

  private:
    int parked_ = 0;
};

TYPED_TEST_SUITE_P(OperatorStoreContract);

TYPED_TEST_P(OperatorStoreContract, GivenNothingStored_ThenEveryAnswerIsEmpty) {
    auto& reader = this->setup.operator_reader();

    EXPECT_TRUE(this->find({}).letters.empty());
    EXPECT_TRUE(this->groups().empty());
    EXPECT_FALSE(this->value_of(this->loop().run(reader.letter(1))));
    EXPECT_FALSE(this->value_of(this->loop().run(reader.command("cmd"))));
    EXPECT_TRUE(this->value_of(this->loop().run(reader.commands({}))).commands.empty());
    EXPECT_TRUE(this->carry_out(this->acting_on_all("cmd", LetterAction::redrive)).empty());
    EXPECT_EQ(this->record("cmd").state, CommandState::done);
}

TYPED_TEST_P(OperatorStoreContract, GivenLetters_WhenFound_ThenEveryCriterionHoldsAndPagesFollowTheirNumbers) {
    this->park({"a", "b", "a", "a"});
    this->apply(HoldOrder(this->id(1), samples::letter("m9", "a"), this->placing(1)));
    LetterQuery query;
    query.limit = 2;
    const auto first = this->find(query);
    EXPECT_TRUE(first.has_more);
    query.after = first.letters.back().number;
    query.limit = 3;
    EXPECT_THAT(this->numbers(query), testing::ElementsAre(3, 4, 5));
    EXPECT_FALSE(this->find(query).has_more);

    LetterQuery by_code;
    by_code.filter.code = "a";
    EXPECT_THAT(this->numbers(by_code), testing::ElementsAre(1, 3, 4, 5));
    by_code.state = LetterState::open;
    EXPECT_THAT(this->numbers(by_code), testing::ElementsAre(1, 3, 4, 5));
    by_code.after = 1;
    by_code.up_to = 4;
    EXPECT_THAT(this->numbers(by_code), testing::ElementsAre(3, 4));
    by_code.filter.queue = "orders-commands";
    EXPECT_THAT(this->numbers(by_code), testing::ElementsAre());
    LetterQuery by_order;
    by_order.filter.order = this->id(1);
    EXPECT_THAT(this->numbers(by_order), testing::ElementsAre(5));
    by_order.filter.code = "b";
    EXPECT_THAT(this->numbers(by_order), testing::ElementsAre());
    LetterQuery by_number;
    by_number.numbers = {2, 4, 77};
    EXPECT_THAT(this->numbers(by_number), testing::ElementsAre(2, 4));
}

TYPED_TEST_P(OperatorStoreContract, GivenLetters_WhenCounted_ThenEveryCriterionAndTheStateHold) {
    this->park({"a", "b", "a", "a"});
    this->apply(HoldOrder(this->id(1), samples::letter("m9", "a"), this->placing(1)));
    this->operate(this->acting("cmd", LetterAction::discard, {1}));
    const auto count = [&](const LetterSelection& selection, LetterState state = LetterState::open) {
        return this->value_of(this->loop().run(this->setup.operator_reader().letter_count(selection, state)));
    };
    const auto named = [](std::optional<std::string> code, std::optional<std::string> queue = {}) {
        LetterSelection selection;
        selection.filter.code = std::move(code);
        selection.filter.queue = std::move(queue);
        return selection;
    };
    auto about = named({});
    about.filter.order = this->id(1);

    EXPECT_EQ(count({}), 4);
    EXPECT_EQ(count({}, LetterState::discarded), 1);
    EXPECT_EQ(count(named("a")), 3);
    EXPECT_EQ(count(named("a", "orders")), 3);
    EXPECT_EQ(count(named({}, "orders-commands")), 0);
    EXPECT_EQ(count(about), 1);
    about.filter.code = "b";
    EXPECT_EQ(count(about), 0);
    EXPECT_EQ(count({{1, 2, 77}, {}}), 1);
}

TYPED_TEST_P(OperatorStoreContract, GivenACommandAboutMany_ThenItsRecordSaysHowManyItWasAboutAsItBegan) {
    this->park({"a", "b", "a"});
    const auto all = this->acting_on_all("cmd", LetterAction::redrive);
    this->operate(all);
    EXPECT_EQ(this->record("cmd").matched, 3);
    this->park({"a"});

    this->carry_out(all);

    EXPECT_EQ(this->record("cmd").matched, 3);
    EXPECT_EQ(this->record("cmd").changed, 3);
    this->operate(this->command("stop", StopCommand{"never"}));
    EXPECT_EQ(this->record("stop").matched, std::nullopt);
    EXPECT_EQ(this->record("never").state, CommandState::stopped);
}

TYPED_TEST_P(OperatorStoreContract, GivenLettersOfSeveralCodes_ThenGroupsCountThemLargestFirst) {
    this->park({"b", "a"});
    this->loop().advance(60s);
    this->park({"a"});

    const auto groups = this->groups();

    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].code, "a");
    EXPECT_EQ(groups[0].queue, "orders");
    EXPECT_EQ(groups[0].count, 2);
    EXPECT_EQ(groups[0].first, 2);
    EXPECT_EQ(groups[0].last, 3);
    EXPECT_EQ(groups[0].first_at, samples::at(0));
    EXPECT_EQ(groups[0].last_at, samples::at(60));
    EXPECT_EQ(groups[1].code, "b");
    EXPECT_TRUE(this->groups(LetterState::discarded).empty());
}

TYPED_TEST_P(OperatorStoreContract, GivenARedrive_ThenTheBodyIsToBeSentAndTheLetterIsRedrivenWhenItWas) {
    this->park({"a", "b"});
    const auto command = this->acting("cmd", LetterAction::redrive, {2});

    const auto step = this->operate(command);

    ASSERT_EQ(step.kind, OperatorStep::Kind::send);
    ASSERT_EQ(step.letters.size(), 1U);
    EXPECT_EQ(step.letters[0].number, 2);
    EXPECT_EQ(step.letters[0].body, "{}");
    EXPECT_EQ(step.letters[0].queue, "orders");
    EXPECT_EQ(this->letter(2).state, LetterState::open);
    EXPECT_EQ(this->record("cmd").state, CommandState::running);
    this->setup.restart();
    EXPECT_THAT(this->carry_out(command), testing::ElementsAre(2)) << "nobody said that it was sent";
    this->setup.restart();
    EXPECT_EQ(this->letter(2).state, LetterState::redriven);
    EXPECT_EQ(this->letter(2).changed_by, "cmd");
    EXPECT_EQ(this->letter(1).state, LetterState::open);
    const auto record = this->record("cmd");
    EXPECT_EQ(record.state, CommandState::done);
    EXPECT_EQ(record.changed, 1);
    EXPECT_EQ(record.by, "kim");
    EXPECT_EQ(record.reason, "a reason");
    EXPECT_EQ(record.target, "dead letters 2");
    EXPECT_EQ(record.requested_at, samples::at(3));
}

TYPED_TEST_P(OperatorStoreContract, GivenACommandThatIsOver_WhenItComesAgain_ThenNothingChanges) {
    this->park({"a"});
    const auto command = this->acting_on_all("cmd", LetterAction::discard);
    this->carry_out(command);
    const auto before = this->record("cmd");
    this->park({"a"});

    const auto step = this->operate(command);

    EXPECT_EQ(step.kind, OperatorStep::Kind::finished);
    EXPECT_EQ(this->record("cmd"), before);
    EXPECT_EQ(this->letter(2).state, LetterState::open);
}

TYPED_TEST_P(OperatorStoreContract, GivenMoreLettersThanAPage_WhenAllThatMatchAreRedriven_ThenEachIsSentOnce) {
    std::vector<Change> group;
    for (int n = 1; n <= 230; ++n) {
        group.emplace_back(ParkMessage(samples::letter("m" + std::to_string(n), n % 2 == 0 ? "even" : "odd")));
    }
    this->apply_group(std::move(group));
    LetterFilter filter;
    filter.code = "odd";

    const auto sent = this->carry_out(this->acting_on_all("cmd", LetterAction::redrive, filter));

    ASSERT_EQ(sent.size(), 115U);
    for (std::size_t i = 0; i < sent.size(); ++i) EXPECT_EQ(sent[i], static_cast<std::int64_t>(2 * i + 1));
    EXPECT_EQ(this->record("cmd").changed, 115);
    EXPECT_EQ(this->groups().size(), 1U);
    EXPECT_EQ(this->groups(LetterState::redriven).at(0).count, 115);
}

TYPED_TEST_P(OperatorStoreContract, GivenALetterThatComesDuringACommand_ThenItIsNotMeant) {
    this->park({"a"});
    const auto command = this->acting_on_all("cmd", LetterAction::redrive);
    this->operate(command);
    this->park({"a"});

    EXPECT_THAT(this->carry_out(command), testing::ElementsAre(1));
    EXPECT_EQ(this->letter(2).state, LetterState::open);
}

TYPED_TEST_P(OperatorStoreContract, GivenADiscard_WhenRestored_ThenTheLettersAreOpenAgain) {
    this->park({"a", "a", "a"});
    this->carry_out(this->acting("c1", LetterAction::discard, {1, 2}));
    EXPECT_THAT(this->in_state(LetterState::discarded), testing::ElementsAre(1, 2));

    this->carry_out(this->acting("c2", LetterAction::restore, {2, 3}));

    EXPECT_THAT(this->in_state(LetterState::open), testing::ElementsAre(2, 3));
    EXPECT_THAT(this->in_state(LetterState::discarded), testing::ElementsAre(1));
    EXPECT_EQ(this->record("c2").changed, 1);
    EXPECT_EQ(this->record("c2").skipped, 1);
}

TYPED_TEST_P(OperatorStoreContract, GivenNothingInTheStateForIt_ThenTheCommandIsRefusedWithACode) {
    this->park({"a"});

    EXPECT_TRUE(this->carry_out(this->acting("c1", LetterAction::restore, {1, 5})).empty());

    EXPECT_EQ(this->record("c1").state, CommandState::refused);
    EXPECT_EQ(this->record("c1").code, "letter.none");
    EXPECT_EQ(this->record("c1").skipped, 2);
}

TYPED_TEST_P(OperatorStoreContract, GivenAnEdit_ThenTheNewBodyIsSentAndTheFirstIsKept) {
    this->park({"a"});
    this->carry_out(this->command("c1", EditLetter(1, "[1]")));
    this->carry_out(this->command("c2", EditLetter(1, "[2]")));
    this->setup.restart();

    const auto step = this->operate(this->acting("c3", LetterAction::redrive, {1}));

    EXPECT_EQ(step.letters.at(0).body, "[2]");
    EXPECT_EQ(this->letter(1).original_body, "{}");
    EXPECT_EQ(this->record("c1").action, "dead-letters.edit");
}

TYPED_TEST_P(OperatorStoreContract, GivenALetterOfAStoredOrder_WhenItsPlacingIsEdited_ThenItIsRefused) {
    this->apply(HoldOrder(this->id(1), samples::letter("m1"), this->placing(1)));
    EditLetter edit(1, "[1]");
    edit.places = this->id(1);

    this->carry_out(this->command("c1", edit));

    EXPECT_EQ(this->record("c1").code, "letter.order_stored");
    EXPECT_FALSE(this->letter(1).original_body);
    edit.places = this->id(2);
    this->carry_out(this->command("c2", edit));
    EXPECT_EQ(this->record("c2").state, CommandState::done);
    EXPECT_EQ(this->letter(1).order, this->id(2));
    LetterQuery by_order;
    by_order.filter.order = this->id(2);
    EXPECT_THAT(this->numbers(by_order), testing::ElementsAre(1)) << "it is found by the order that it now names";
}

TYPED_TEST_P(OperatorStoreContract, GivenACommandThatRuns_WhenStopped_ThenTheRestStaysAsItIs) {
    this->park({"a", "a", "a"});
    auto slow = this->acting("slow", LetterAction::redrive, {1, 2, 3});
    std::get<ActOnLetters>(slow.wish).per_second = 1;
    const auto page = this->operate(slow);
    ASSERT_EQ(page.letters.size(), 1U);

    this->operate(this->command("stop", StopCommand{"slow"}));
    LettersSent report;
    report.command_id = "slow";
    report.letters = {{1}};
    report.through = page.through;
    this->operate(report);
    this->setup.restart();

    EXPECT_TRUE(this->carry_out(slow).empty());
    EXPECT_THAT(this->in_state(LetterState::redriven), testing::ElementsAre(1)) << "its message was out";
    EXPECT_THAT(this->in_state(LetterState::open), testing::ElementsAre(2, 3));
    EXPECT_EQ(this->record("slow").state, CommandState::stopped);
    EXPECT_EQ(this->record("slow").changed, 1);
    EXPECT_EQ(this->record("stop").state, CommandState::done);
    this->operate(this->command("again", StopCommand{"slow"}));
    EXPECT_EQ(this->record("again").code, "command.over");
}

TYPED_TEST_P(OperatorStoreContract, GivenAChangeOfStock_ThenItIsMadeOnceAndOrdersSeeIt) {
    using Mode = ChangeStock::Mode;
    this->apply(this->placing(1, {{"mug", 2}}));
    const auto more = this->command("c1", ChangeStock(samples::sku("mug"), Mode::add, 5));

    this->operate(more);
    this->operate(more);

    EXPECT_EQ(this->stock("mug"), (Stock{15, 2}));
    this->setup.restart();
    EXPECT_EQ(this->stock("mug"), (Stock{15, 2}));
    EXPECT_EQ(this->apply(this->placing(2, {{"mug", 13}})).status, OrderStatus::reserved);
    this->operate(this->command("c2", ChangeStock(samples::sku("mug"), Mode::set, 14)));
    EXPECT_EQ(this->record("c2").code, "stock.below_reserved");
    EXPECT_EQ(this->stock("mug"), (Stock{15, 15}));
    this->operate(this->command("c3", ChangeStock(samples::sku("unicorn"), Mode::set, 14)));
    EXPECT_EQ(this->record("c3").code, "stock.unknown_sku");
    this->operate(this->command("c4", ChangeStock(samples::sku("mug"), Mode::set, 20)));
    this->operate(this->command("c5", ChangeStock(samples::sku("mug"), Mode::set, 20)));
    EXPECT_EQ(this->record("c4").changed, 1);
    EXPECT_EQ(this->record("c5").changed, 0) << "so many were there";
    EXPECT_EQ(this->apply(this->placing(3, {{"mug", 5}})).status, OrderStatus::reserved);
}

TYPED_TEST_P(OperatorStoreContract, GivenAFileOfProducts_ThenItIsTakenUpOnceAndNeverBelowWhatIsReserved) {
    this->apply(this->placing(1, {{"mug", 2}}));
    const auto row = [](std::int64_t line, std::string_view sku, std::int64_t price,
                        std::optional<std::int64_t> on_hand) {
        Product product(samples::sku(sku));
        product.name = "New " + std::string(sku);
        product.category = "sample";
        product.prices = {Money(price, samples::eur())};
        ProductRow made(line, std::move(product));
        made.on_hand = on_hand;
        return made;
    };
    const auto file = [&](std::string id, std::vector<ProductRow> rows) {
        return this->command(std::move(id), ImportProducts("file", 1, 1, std::move(rows)));
    };

    this->operate(file("f1", {row(2, "mug", 1300, std::nullopt), row(3, "vase", 900, 7), row(4, "lamp", 1, 5)}));
    this->setup.restart();

    EXPECT_EQ(this->record("f1").changed, 3);
    EXPECT_EQ(this->stock("mug"), (Stock{10, 2})) << "the file does not say";
    EXPECT_EQ(this->stock("vase"), (Stock{7, 0}));
    EXPECT_EQ(this->stock("lamp"), (Stock{5, 0}));
    this->operate(file("f2", {row(2, "mug", 1300, std::nullopt), row(3, "vase", 900, 7), row(4, "lamp", 1, 5)}));
    EXPECT_EQ(this->record("f2").changed, 0);
    EXPECT_EQ(this->record("f2").state, CommandState::done);
    this->operate(file("f3", {row(2, "mug", 1400, 1), row(3, "vase", 900, 8)}));
    EXPECT_EQ(this->record("f3").changed, 1);
    EXPECT_EQ(this->record("f3").skipped, 1);
    EXPECT_EQ(this->record("f3").code, "stock.below_reserved");
    EXPECT_EQ(this->stock("mug"), (Stock{10, 2}));
    EXPECT_EQ(this->stock("vase"), (Stock{8, 0}));
    EXPECT_EQ(this->apply(this->placing(2, {{"vase", 8}})).status, OrderStatus::reserved);
    EXPECT_EQ(this->order(2).lines.at(0).unit_price, 900);
}

TYPED_TEST_P(OperatorStoreContract,
             GivenAnOlderCountThatComesAfterANewerOne_ThenTheNewerStandsAndDifferencesStillCome) {
    using Mode = ChangeStock::Mode;
    const auto asked = [&](std::string id, int second, OperatorCommand::Wish wish) {
        auto made = this->command(std::move(id), std::move(wish));
        made.requested_at = samples::at(second);
        this->operate(made);
        return this->record(made.id);
    };
    const auto count = [](std::int64_t on_hand) { return ChangeStock(samples::sku("mug"), Mode::set, on_hand); };
    this->setup.loop().advance(std::chrono::seconds(10));

    EXPECT_EQ(asked("newer", 3, count(90)).state, CommandState::done);
    this->setup.restart();
    const auto older = asked("older", 2, count(100));
    EXPECT_EQ(older.state, CommandState::refused);
    EXPECT_EQ(older.code, "stock.overtaken");
    EXPECT_EQ(this->stock("mug"), (Stock{90, 0}));
    EXPECT_EQ(asked("sold", 1, ChangeStock(samples::sku("mug"), Mode::add, -1)).state, CommandState::done);
    EXPECT_EQ(asked("lamps", 1, ChangeStock(samples::sku("lamp"), Mode::set, 3)).state, CommandState::done);
    EXPECT_EQ(asked("again", 3, count(80)).state, CommandState::done) << "asked for at the same time";
    EXPECT_EQ(this->stock("mug"), (Stock{80, 0}));
}

TYPED_TEST_P(OperatorStoreContract, GivenAnOlderFileOfProducts_ThenWhatWasChangedSinceIsSkipped) {
    const auto file = [&](std::string id, int second, std::int64_t mugs) {
        std::vector<ProductRow> rows;
        for (const auto* sku : {"mug", "vase"}) {
            Product product(samples::sku(sku));
            product.name = id;
            product.category = "sample";
            product.prices = {Money(900, samples::eur())};
            rows.emplace_back(static_cast<std::int64_t>(rows.size()) + 2, std::move(product));
            rows.back().on_hand = mugs;
        }
        auto made = this->command(id, ImportProducts("file", 1, 1, std::move(rows)));
        made.requested_at = samples::at(second);
        this->operate(made);
        return this->record(made.id);
    };
    this->setup.loop().advance(std::chrono::seconds(10));
    auto counted = this->command("count", ChangeStock(samples::sku("mug"), ChangeStock::Mode::set, 90));
    counted.requested_at = samples::at(3);
    this->operate(counted);

    const auto older = file("f1", 2, 7);
    EXPECT_EQ(older.state, CommandState::done);
    EXPECT_EQ(older.changed, 2) << "a count says nothing of names and prices";
    EXPECT_EQ(older.skipped, 1);
    EXPECT_EQ(older.code, "stock.overtaken");
    EXPECT_THAT(older.detail, testing::HasSubstr("Line 2, mug: not its stock"));
    EXPECT_EQ(this->stock("mug"), (Stock{90, 0}));
    EXPECT_EQ(this->stock("vase"), (Stock{7, 0}));
    EXPECT_EQ(file("f2", 4, 8).code, "");
    EXPECT_EQ(file("f3", 3, 9).state, CommandState::refused) << "all of it is older";
    EXPECT_EQ(this->stock("mug"), (Stock{8, 0}));
}

TYPED_TEST_P(OperatorStoreContract, GivenManyCommands_WhenListed_ThenPagesFollowEachOtherNewestFirst) {
    for (int n = 1; n <= 5; ++n) {
        this->carry_out(this->acting_on_all("c" + std::to_string(n), LetterAction::discard));
    }
    CommandQuery query;
    query.limit = 2;
    std::vector<std::string> seen;
    for (bool more = true; more && seen.size() < 10;) {
        const auto page = this->value_of(this->loop().run(this->setup.operator_reader().commands(query)));
        more = page.has_more;
        for (const auto& command : page.commands) seen.push_back(command.id);
        query.starting_after = seen.back();
    }

    EXPECT_THAT(seen, testing::ElementsAre("c5", "c4", "c3", "c2", "c1"));
    query.starting_after = "unknown";
    const auto page = this->loop().run(this->setup.operator_reader().commands(query));
    ASSERT_FALSE(page);
    EXPECT_EQ(page.error().kind(), ErrorKind::invalid_input);
}

REGISTER_TYPED_TEST_SUITE_P(OperatorStoreContract, GivenNothingStored_ThenEveryAnswerIsEmpty,
                            GivenLetters_WhenFound_ThenEveryCriterionHoldsAndPagesFollowTheirNumbers,
                            GivenLetters_WhenCounted_ThenEveryCriterionAndTheStateHold,
                            GivenACommandAboutMany_ThenItsRecordSaysHowManyItWasAboutAsItBegan,
                            GivenLettersOfSeveralCodes_ThenGroupsCountThemLargestFirst,
                            GivenARedrive_ThenTheBodyIsToBeSentAndTheLetterIsRedrivenWhenItWas,
                            GivenACommandThatIsOver_WhenItComesAgain_ThenNothingChanges,
                            GivenMoreLettersThanAPage_WhenAllThatMatchAreRedriven_ThenEachIsSentOnce,
                            GivenALetterThatComesDuringACommand_ThenItIsNotMeant,
                            GivenADiscard_WhenRestored_ThenTheLettersAreOpenAgain,
                            GivenNothingInTheStateForIt_ThenTheCommandIsRefusedWithACode,
                            GivenAnEdit_ThenTheNewBodyIsSentAndTheFirstIsKept,
                            GivenALetterOfAStoredOrder_WhenItsPlacingIsEdited_ThenItIsRefused,
                            GivenACommandThatRuns_WhenStopped_ThenTheRestStaysAsItIs,
                            GivenAChangeOfStock_ThenItIsMadeOnceAndOrdersSeeIt,
                            GivenAFileOfProducts_ThenItIsTakenUpOnceAndNeverBelowWhatIsReserved,
                            GivenAnOlderCountThatComesAfterANewerOne_ThenTheNewerStandsAndDifferencesStillCome,
                            GivenAnOlderFileOfProducts_ThenWhatWasChangedSinceIsSkipped,
                            GivenManyCommands_WhenListed_ThenPagesFollowEachOtherNewestFirst);

}  // namespace orderflow::orders
