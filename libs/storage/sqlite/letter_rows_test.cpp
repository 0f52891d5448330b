// Dead letters that an older program kept: they are there, open, and found by what lies in their records.
#include "libs/storage/sqlite/letter_rows.hpp"

#include <gtest/gtest.h>

#include <span>

#include "libs/sqlite/errors.hpp"
#include "libs/sqlite/migrations.hpp"
#include "libs/storage/records/bytes.hpp"
#include "libs/storage/sqlite/operator_writer.hpp"
#include "libs/storage/sqlite/schema.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::storage {
namespace {

namespace samples = orders::samples;

// As docs/formats/order-store.md describes the first format.
std::string first_format(const orders::DeadLetter& letter, const orders::OrderId& order) {
    ByteWriter out(1);
    out.text(letter.queue);
    out.text(letter.body);
    out.text(letter.code);
    out.text(letter.detail);
    out.natural(letter.receive_count);
    out.time(letter.sent_at);
    out.flag(true);
    out.raw(order.bytes());
    out.time(samples::at(9));
    return std::move(out).sealed(sqlite::as_blob(letter.message_id));
}

class OldLetters : public ::testing::Test {
  protected:
    static constexpr std::int64_t count = 250;

    OldLetters() {
        EXPECT_TRUE(sqlite::migrate(database, order_store_application_id, std::span(order_store_migrations).first(1)));
        auto insert = database.prepare("INSERT INTO dead_letters (message_id, record) VALUES (?1, ?2)").value();
        for (std::int64_t n = 1; n <= count; ++n) {
            const auto letter = samples::letter("m" + std::to_string(n), n % 2 == 0 ? "even" : "odd");
            const auto record = first_format(letter, samples::order_id(static_cast<std::uint32_t>(n)));
            EXPECT_TRUE(insert.run(std::string_view(letter.message_id), sqlite::as_blob(record)));
        }
    }

    sqlite::Database database = sqlite::Database::open(":memory:", {}).value();
};

TEST_F(OldLetters, WhenTheStoreIsOpenedByANewerProgram_ThenTheyAreOpenAndFoundByCodeAndOrder) {
    ASSERT_TRUE(sqlite::migrate(database, order_store_application_id, order_store_migrations));
    ASSERT_TRUE(OperatorWriter::open(database));
    auto rows = LetterRows::prepare(database).value();

    const auto groups = rows.groups(orders::LetterState::open).value();
    orders::LetterQuery of_order;
    of_order.filter.order = samples::order_id(7);
    const auto found = rows.read(of_order).value();

    ASSERT_EQ(groups.size(), 2U);
    EXPECT_EQ(groups[0].count + groups[1].count, count);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].number, 7);
    EXPECT_EQ(found[0].letter.message_id, "m7");
    EXPECT_EQ(found[0].letter.body, "{}");
    EXPECT_EQ(found[0].at, samples::at(9));
    EXPECT_EQ(found[0].state, orders::LetterState::open);
    EXPECT_EQ(rows.newest().value(), count);
}

TEST_F(OldLetters, WhenALetterComesAfterwards_ThenItsNumberIsANewOne) {
    ASSERT_TRUE(sqlite::migrate(database, order_store_application_id, order_store_migrations));
    auto rows = LetterRows::prepare(database).value();

    ASSERT_TRUE(rows.insert(orders::StoredDeadLetter(0, samples::letter("new"), samples::at(10))));
    ASSERT_TRUE(rows.insert(orders::StoredDeadLetter(0, samples::letter("m7"), samples::at(10)))) << "known";

    EXPECT_EQ(rows.newest().value(), count + 1);
}

TEST_F(OldLetters, GivenARowThatWasChangedByHand_WhenRead_ThenItIsCorrupt) {
    ASSERT_TRUE(sqlite::migrate(database, order_store_application_id, order_store_migrations));
    ASSERT_TRUE(database.execute("UPDATE dead_letters SET record = zeroblob(64) WHERE number = 3"));
    auto rows = LetterRows::prepare(database).value();

    const auto read = rows.find(3);

    ASSERT_FALSE(read);
    EXPECT_TRUE(sqlite::is_fatal(read.error()));
}

}  // namespace
}  // namespace orderflow::storage
