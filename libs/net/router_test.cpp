#include "libs/net/router.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace orderflow::net {
namespace {

task<Response> nothing(const Request&) { co_return Response{}; }

Route row(Method method, std::string pattern) {
    auto name = std::string(to_string(method)) + " " + pattern;
    return {.method = method, .pattern = std::move(pattern), .handler = nothing, .name = std::move(name)};
}

const Router& orders() {
    static const Router router({row(Method::get, "/"), row(Method::post, "/v1/orders"),
                                row(Method::get, "/v1/orders/{id}"), row(Method::get, "/v1/orders/{id}/events"),
                                row(Method::post, "/v1/orders/{id}/cancel"), row(Method::get, "/v1/orders/latest"),
                                row(Method::get, "/v1/{kind}/{id}")});
    return router;
}

std::string chosen(Method method, std::string_view path) {
    const auto match = orders().match(method, path);
    if (const auto* matched = std::get_if<Router::Matched>(&match)) return matched->route->name;
    if (const auto* other = std::get_if<Router::MethodNotAllowed>(&match)) return "not allowed, " + other->allow;
    if (const auto* options = std::get_if<Router::Options>(&match)) return "options, " + options->allow;
    return "not found";
}

TEST(Router, GivenLiteralAndParams_WhenMatched_ThenRowIsChosen) {
    EXPECT_EQ(chosen(Method::get, "/"), "GET /");
    EXPECT_EQ(chosen(Method::post, "/v1/orders"), "POST /v1/orders");
    EXPECT_EQ(chosen(Method::get, "/v1/orders/ord_1"), "GET /v1/orders/{id}");
    EXPECT_EQ(chosen(Method::get, "/v1/orders/ord_1/events"), "GET /v1/orders/{id}/events");
}

TEST(Router, GivenParam_WhenMatched_ThenItsSegmentIsHandedOver) {
    const auto match = orders().match(Method::get, "/v1/stock/a b");

    const auto* matched = std::get_if<Router::Matched>(&match);
    ASSERT_NE(matched, nullptr);
    ASSERT_EQ(matched->param_count, 2U);
    EXPECT_EQ(matched->params[0].name, "kind");
    EXPECT_EQ(matched->params[0].value, "stock");
    EXPECT_EQ(matched->params[1].value, "a b");
}

TEST(Router, GivenLiteralBesideParam_WhenBothFit_ThenLiteralWins) {
    EXPECT_EQ(chosen(Method::get, "/v1/orders/latest"), "GET /v1/orders/latest");
}

TEST(Router, GivenUnknownPath_WhenMatched_ThenNotFound) {
    for (const auto* path : {"", "/x", "/v1", "/v1/", "/v1/orders/", "/v1/orders/a/", "/v1/orders//events",
                             "/v1/orders/a/events/b", "//", "/v1//a", "v1/orders"}) {
        EXPECT_EQ(chosen(Method::get, path), "not found") << path;
    }
}

TEST(Router, GivenOtherMethod_WhenPathIsKnown_ThenAllowNamesTheRest) {
    EXPECT_EQ(chosen(Method::put, "/v1/orders"), "not allowed, POST, OPTIONS");
    EXPECT_EQ(chosen(Method::del, "/v1/orders/a"), "not allowed, GET, HEAD, OPTIONS");
    EXPECT_EQ(chosen(Method::options, "/v1/orders"), "options, POST, OPTIONS");
}

TEST(Router, GivenHead_WhenGetIsKnown_ThenGetAnswers) {
    EXPECT_EQ(chosen(Method::head, "/v1/orders/a"), "GET /v1/orders/{id}");
    EXPECT_EQ(chosen(Method::head, "/v1/orders"), "not allowed, POST, OPTIONS");
}

TEST(Router, GivenTable_WhenRead_ThenRowsComeInTheirOrder) {
    ASSERT_EQ(orders().routes().size(), 7U);
    EXPECT_EQ(orders().routes()[1].pattern, "/v1/orders");
    EXPECT_EQ(orders().all_methods(), "GET, HEAD, POST, OPTIONS");
}

TEST(Router, GivenTableWithAMistake_WhenBuilt_ThenThrows) {
    const auto build = [](std::vector<Route> rows) { return Router(std::move(rows)); };

    EXPECT_THROW(build({row(Method::get, "orders")}), std::invalid_argument);
    EXPECT_THROW(build({row(Method::get, "/a{id}")}), std::invalid_argument);
    EXPECT_THROW(build({row(Method::get, "/{}")}), std::invalid_argument);
    EXPECT_THROW(build({row(Method::get, "/a"), row(Method::get, "/a")}), std::invalid_argument);
    EXPECT_THROW(build({row(Method::get, "/{a}/{b}/{c}/{d}/{e}")}), std::invalid_argument);
    EXPECT_THROW(build({Route{.method = Method::get, .pattern = "/a", .name = "no handler"}}), std::invalid_argument);
}

}  // namespace
}  // namespace orderflow::net
