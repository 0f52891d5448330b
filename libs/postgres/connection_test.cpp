#include "libs/postgres/connection.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <future>
#include <limits>
#include <string>

#include "libs/base/system_clock.hpp"
#include "libs/postgres/errors.hpp"
#include "libs/postgres/migrations.hpp"
#include "libs/testing/postgres_server.hpp"

namespace orderflow::postgres {
namespace {

class PostgresConnection : public ::testing::Test {
  protected:
    static PostgresServer& server() {
        static PostgresServer server;
        return server;
    }
    Connection connect() {
        ConnectOptions options;
        options.url = url;
        auto connection = Connection::open(options, clock);
        if (!connection) throw std::runtime_error(connection.error().detail());
        return *std::move(connection);
    }
    std::string detail(const Result<void>& result) { return result ? "" : result.error().detail(); }

    SystemClock clock;
    std::string url = server().url();
};

TEST_F(PostgresConnection, GivenValuesOfEachType_WhenSentAndRead_ThenTheyAreTheSame) {
    auto connection = connect();
    const Statement statement{"echo",
                              "SELECT $1::bigint, ($1 / 4294967296)::int, (-7)::smallint, $2::text, $3::bytea, "
                              "$4::uuid, null::bigint"};
    const std::string bytes("\0\xff x", 4);
    const std::string uuid = "0123456789abcdef";
    Parameters parameters;
    parameters.integer(std::numeric_limits<std::int64_t>::min()).text("\xc3\xa9toile");
    parameters.blob(std::as_bytes(std::span(bytes))).uuid(std::as_bytes(std::span(uuid)));

    const auto rows = connection.run(statement, parameters);

    ASSERT_TRUE(rows) << rows.error().detail();
    EXPECT_EQ(rows->integer(0, 0), std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(rows->integer(0, 1), std::numeric_limits<std::int32_t>::min());
    EXPECT_EQ(rows->integer(0, 2), -7);
    EXPECT_EQ(rows->text(0, 3), "\xc3\xa9toile");
    EXPECT_EQ(rows->text(0, 4), bytes);
    EXPECT_EQ(rows->text(0, 5), uuid);
    EXPECT_TRUE(rows->is_null(0, 6));
}

TEST_F(PostgresConnection, GivenColumnsOfValues_WhenUnnested_ThenTheyAreRowsAndNoneIsNone) {
    auto connection = connect();
    const Statement statement{"rows", "SELECT n, t FROM unnest($1::bigint[], $2::text[]) AS r(n, t)"};
    auto numbers = Array::of_integers();
    auto texts = Array::of_texts();
    Parameters none;
    none.array(numbers).array(texts);
    numbers.add(std::int64_t{-1});
    numbers.add(std::int64_t{2});
    texts.add(std::string_view());
    texts.add(std::string_view("two, \"three\" {}"));
    Parameters two;
    two.array(numbers).array(texts);

    const auto rows = connection.run(statement, two);

    ASSERT_TRUE(rows) << rows.error().detail();
    ASSERT_EQ(rows->size(), 2U);
    EXPECT_EQ(rows->integer(0, 0), -1);
    EXPECT_EQ(rows->text(1, 1), "two, \"three\" {}");
    EXPECT_TRUE(connection.run(statement, none).value().empty());
}

TEST_F(PostgresConnection, GivenUnitsOfWhichOneFails_WhenRunTogether_ThenOnlyThatOneFails) {
    auto connection = connect();
    const Statement one{"one", "SELECT 1"};
    const Statement divide{"divide", "SELECT 1 / $1"};
    std::vector<Unit> units(3);
    for (auto& unit : units) unit = {Request(one), Request(divide), Request(one)};
    for (std::size_t i = 0; i < units.size(); ++i) units[i][1].parameters.integer(static_cast<std::int64_t>(i) - 1);

    const auto answers = connection.run_each(units);

    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0].value().size(), 3U);
    ASSERT_FALSE(answers[1]);
    EXPECT_EQ(answers[1].error().code(), "postgres.refused_value");
    EXPECT_TRUE(answers[2]);
    EXPECT_TRUE(connection.is_open());
}

TEST_F(PostgresConnection, GivenAStatementThatCannotBePrepared_WhenRun_ThenItSaysWhyAndTheConnectionGoesOn) {
    auto connection = connect();

    const auto wrong = connection.run(Statement{"wrong", "SELECT * FROM nowhere"});

    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code(), "postgres.no_such_table");
    EXPECT_TRUE(connection.run(Statement{"right", "SELECT 1"}));
}

TEST_F(PostgresConnection, GivenAnUnknownDatabaseOrNobody_WhenConnecting_ThenTheErrorsDiffer) {
    ConnectOptions options;
    options.url = url;
    options.url.replace(options.url.find("/postgres?"), 10, "/nowhere?");
    const auto no_database = Connection::open(options, clock);
    options.url = "postgresql://u@127.0.0.1:1/x";
    const auto nobody = Connection::open(options, clock);

    ASSERT_FALSE(no_database);
    EXPECT_EQ(no_database.error().code(), "postgres.no_database") << no_database.error().detail();
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code(), "postgres.unreachable");
}

TEST_F(PostgresConnection, GivenUrls_WhenShown_ThenTheirPasswordsAreNot) {
    EXPECT_EQ(url_without_secrets("postgresql://u:secret@h:5/d?sslmode=require").value(), "postgresql://u@h:5/d");
    EXPECT_EQ(url_without_secrets("postgresql:///d?password=secret").value(), "postgresql:///d");
    EXPECT_FALSE(url_without_secrets("postgresql://u:p@h:5/d?no_such_option=1"));
}

constexpr Migration first{"CREATE TABLE one (n int); INSERT INTO one VALUES (1)"};
constexpr Migration expanding{"ALTER TABLE one ADD COLUMN m int"};
constexpr Migration contracting{"ALTER TABLE one DROP COLUMN n", 2};

TEST_F(PostgresConnection, GivenAnEmptyDatabase_WhenMigratedTwice_ThenEachStepIsAppliedOnce) {
    auto connection = connect();
    const std::array steps{first, expanding};

    EXPECT_EQ(detail(migrate(connection, steps)), "");
    EXPECT_EQ(detail(migrate(connection, steps)), "");

    EXPECT_EQ(connection.run(Statement{"count", "SELECT count(*) FROM one"}).value().integer(0, 0), 1);
}

TEST_F(PostgresConnection, GivenAnotherThatMigrates_WhenMigrated_ThenItWaitsForItAndAppliesNothingTwice) {
    auto other = connect();
    const std::array steps{first};
    ASSERT_TRUE(other.run_script("BEGIN"));
    ASSERT_TRUE(other.run(Statement{"own", "SELECT pg_advisory_xact_lock(8030606865177898095)"}));
    auto migrating = std::async(std::launch::async, [this, &steps] {
        auto connection = connect();
        return migrate(connection, steps);
    });
    const Statement waiting{"waiting", "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'"};
    while (other.run(waiting).value().integer(0, 0) == 0) {
        ASSERT_EQ(migrating.wait_for(std::chrono::seconds(0)), std::future_status::timeout) << "it did not wait";
    }

    ASSERT_TRUE(other.run_script("COMMIT"));

    EXPECT_EQ(detail(migrating.get()), "");
    EXPECT_EQ(other.run(Statement{"count", "SELECT count(*) FROM one"}).value().integer(0, 0), 1);
}

TEST_F(PostgresConnection, GivenAStepThatFails_WhenMigrated_ThenNoStepIsApplied) {
    auto connection = connect();
    const std::array steps{first, Migration{"ALTER TABLE nowhere ADD COLUMN m int"}};

    EXPECT_FALSE(migrate(connection, steps));

    EXPECT_FALSE(connection.in_transaction());
    EXPECT_EQ(check_schema(connection, steps).error().code(), "postgres.older_schema");
    EXPECT_FALSE(connection.run(Statement{"count", "SELECT count(*) FROM one"}));
}

TEST_F(PostgresConnection,
       GivenOlderAndNewerPrograms_WhenTheSchemaIsExpandedAndContracted_ThenEachIsToldWhetherItWorks) {
    auto connection = connect();
    const std::array old_program{first};
    const std::array program{first, expanding};
    const std::array new_program{first, expanding, contracting};

    ASSERT_TRUE(migrate_if_empty(connection, old_program));
    const auto too_old = migrate_if_empty(connection, program);
    ASSERT_FALSE(too_old) << "only `orderflow migrate` changes a database that is in use";
    EXPECT_EQ(too_old.error().code(), "postgres.older_schema");

    ASSERT_TRUE(migrate(connection, program));
    EXPECT_TRUE(check_schema(connection, old_program)) << "expanded: it works with both";

    ASSERT_TRUE(migrate(connection, new_program));
    EXPECT_TRUE(check_schema(connection, program));
    const auto contracted = check_schema(connection, old_program);
    ASSERT_FALSE(contracted);
    EXPECT_EQ(contracted.error().code(), "postgres.newer_schema");
}

TEST(PostgresErrors, GivenSqlStates_WhenTranslated_ThenTheKindSaysWhatToDo) {
    EXPECT_TRUE(is_contention(translate("40P01", "deadlock detected")));
    EXPECT_TRUE(is_contention(translate("40001", "could not serialize access")));
    EXPECT_TRUE(is_about_one_row(translate("23514", "violates check constraint")));
    EXPECT_TRUE(ends_connection(translate("57P01", "terminating connection due to administrator command")));
    EXPECT_TRUE(ends_connection(translate("25006", "cannot execute INSERT in a read-only transaction")));
    EXPECT_EQ(translate("53100", "could not extend file").code(), "disk.full");
    EXPECT_EQ(translate("28P01", "password authentication failed").kind(), ErrorKind::unauthorized);
    EXPECT_EQ(translate("XX000", "internal error").kind(), ErrorKind::internal);
}

}  // namespace
}  // namespace orderflow::postgres
