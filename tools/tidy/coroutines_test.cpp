#include "tools/tidy/coroutines.hpp"

#include <gtest/gtest.h>

#include "tools/tidy/snapshot_test.hpp"

namespace orderflow::tidy {
namespace {

std::string check(std::string text, std::string path = "libs/net/a.hpp") {
    return snapshot(check_coroutines(Source(std::move(path), std::move(text))));
}

std::string rules(std::string text, std::string path = "libs/net/a.hpp") {
    return places(check_coroutines(Source(std::move(path), std::move(text))));
}

TEST(Coroutines, GivenALambdaCoroutineWithCaptures_WhenChecked_ThenItIsAnError) {
    EXPECT_EQ(check("auto f = [&order]() -> task<void> { co_await save(order); };\n"),
              "libs/net/a.hpp:1: lambda-coroutine: a lambda that is a coroutine loses its captures at the first wait "
              "when the closure is gone: a named function with parameters by value, or a lambda without captures whose "
              "arguments are passed in the call\n");
    EXPECT_EQ(rules("spawn([this] { co_return; });"), "1 lambda-coroutine");
    EXPECT_EQ(rules("spawn([x = 1](int a) mutable noexcept -> task<int> { co_return a + x; });"), "1 lambda-coroutine");
}

TEST(Coroutines, GivenALambdaCoroutineWithoutCaptures_WhenChecked_ThenNothingIsFound) {
    EXPECT_EQ(rules("auto f = [](Order order) -> task<void> { co_await save(order); };"), "");
}

TEST(Coroutines, GivenAPlainLambdaAroundACoroutine_WhenChecked_ThenOnlyTheCoroutineCounts) {
    EXPECT_EQ(rules("auto f = [&] { return [](int a) -> task<int> { co_return a; }(x); };"), "");
    EXPECT_EQ(rules("auto f = [&] {\n return [&](int a) -> task<int> { co_return a; }(x); };"), "2 lambda-coroutine");
}

TEST(Coroutines, GivenACoroutineThatUsesAPlainLambda_WhenChecked_ThenNothingIsFound) {
    EXPECT_EQ(rules("task<int> f() { auto g = [&] { return 1; }; co_return g(); }"), "");
    EXPECT_EQ(rules("task<int> f() { int a[3]; a[0] = co_await one(); co_return a[0]; }"), "");
    EXPECT_EQ(rules("[[nodiscard]] task<int> f();"), "");
    EXPECT_EQ(rules("auto f = [loop, w] { co_spawn(loop, w, detached); };"), "");
}

TEST(Coroutines, GivenAReferenceParameter_WhenNothingSaysItLives_ThenItIsAnError) {
    EXPECT_EQ(
        check("task<Result<void>> save(const Order& order);\n"),
        "libs/net/a.hpp:1: coroutine-parameter: save takes a reference, which may be gone when the coroutine goes "
        "on: a value; or keep it and say in a comment what outlives the coroutine\n");
    EXPECT_EQ(rules("task<void> f(std::string_view name);"), "1 coroutine-parameter");
    EXPECT_EQ(rules("task<void> f(std::span<const int> all);"), "1 coroutine-parameter");
    EXPECT_EQ(rules("task<void> operator()(int&& a);"), "1 coroutine-parameter");
}

TEST(Coroutines, GivenParametersByValue_WhenChecked_ThenNothingIsFound) {
    EXPECT_EQ(rules("task<Result<Order>> load(OrderId id, std::stop_token stop = {});"), "");
    EXPECT_EQ(rules("task<void> each(std::move_only_function<void(const Order&)> visit);"), "");
}

TEST(Coroutines, GivenACommentThatNamesTheOwner_WhenChecked_ThenNothingIsFound) {
    EXPECT_EQ(rules("// The session outlives the handler.\ntask<Response> get(const Request& request);"), "");
    EXPECT_EQ(rules("task<Response> get(const Request& request);  // outlives: the session owns it"), "");
    EXPECT_EQ(rules("// Stores handed in outlive all calls.\nclass A {\n  task<void> f(Store& store);\n};"), "");
    EXPECT_EQ(rules("// `s` outlives it.\ntemplate <class T>\ntask<void> f(Store& s);"), "");
    EXPECT_EQ(rules("// One line outlives.\nint x;\ntask<void> f(Store& store);"), "3 coroutine-parameter");
}

TEST(Coroutines, GivenADefinition_WhenItsDeclarationIsElsewhere_ThenItIsCheckedThere) {
    const Source header("libs/net/a.hpp", "// The store outlives it.\ntask<void> f(Store& store);\n");
    const Source source("libs/net/a.cpp", "task<void> f(Store& store) {}\ntask<void> A::g(Store& store) {}\n");

    EXPECT_EQ(places(check_coroutines(source, &header)), "");
    EXPECT_EQ(places(check_coroutines(source)), "1 coroutine-parameter");
}

TEST(Coroutines, GivenATest_WhenItPassesReferences_ThenNothingIsFound) {
    EXPECT_EQ(rules("task<void> f(Store& store);", "libs/net/a_test.cpp"), "");
    EXPECT_EQ(rules("spawn([&] { co_return; });", "libs/net/a_test.cpp"), "1 lambda-coroutine");
}

}  // namespace
}  // namespace orderflow::tidy
