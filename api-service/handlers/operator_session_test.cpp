// An operator in a browser: the token once, then a cookie, and a CSRF token with what changes something.
#include "api-service/api_fixture_test.hpp"

namespace orderflow::api {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

constexpr const char* path = "/v1/admin/session";

class OperatorSessionTest : public ApiTest {
  protected:
    OperatorSessionTest() {
        config.admin_token = "the operator's token";
        config.admin_read_token = "who may only look";
    }

    // As a browser sends it from a page of the site, behind a proxy with TLS.
    static TestRequest of_page(TestRequest request) {
        request.peer = "192.0.2.1";
        request.fields.emplace_back("Host", "shop.example");
        request.fields.emplace_back("Origin", "https://shop.example");
        request.fields.emplace_back("Sec-Fetch-Site", "same-origin");
        return request;
    }
    static TestRequest login(const std::string& token) { return post_json(path, R"({"token":")" + token + R"("})"); }

    struct Session {
        std::string cookie;  // "name=value"
        std::string csrf;
    };
    Session opened(const std::string& token) {
        const auto response = send(of_page(login(token)));
        EXPECT_EQ(response.status, 201U) << response.body;
        const auto set = field(response, "Set-Cookie").value_or("");
        return {set.substr(0, set.find(';')), text_in(body_of(response), "csrf_token")};
    }
    static TestRequest with(TestRequest request, const Session& session, bool csrf = true) {
        request = of_page(std::move(request));
        request.fields.emplace_back("Cookie", "theme=dark; " + session.cookie);
        if (csrf) request.fields.emplace_back("X-CSRF-Token", session.csrf);
        return request;
    }
    static TestRequest command() {
        return post_json("/v1/admin/dead-letters/redrive", R"({"by":"ada","reason":"mended","numbers":[1]})");
    }
    static TestRequest without(TestRequest request, std::string_view name) {
        std::erase_if(request.fields, [&](const auto& one) { return one.first == name; });
        return request;
    }
};

TEST_F(OperatorSessionTest, GivenAWrongToken_Then401_AndNoCookie) {
    const auto response = send(of_page(login("a guess")));

    EXPECT_EQ(verdict(response), "401 unauthorized");
    EXPECT_EQ(field(response, "Set-Cookie"), std::nullopt);
}

TEST_F(OperatorSessionTest, GivenTenWrongTokens_ThenTheRightOneWaitsToo) {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(send(of_page(login("a guess"))).status, 401U);

    const auto response = send(of_page(login(*config.admin_token)));

    EXPECT_EQ(verdict(response), "429 rate-limited");
    EXPECT_EQ(field(response, "RateLimit-Policy"), "\"failures\";q=10;w=60");
}

TEST_F(OperatorSessionTest, GivenBodiesThatAreNoLogin_ThenTheyAreRefused) {
    auto form = of_page(login(*config.admin_token));
    form.fields.front().second = "application/x-www-form-urlencoded";
    EXPECT_EQ(send(form).status, 415U);
    EXPECT_EQ(verdict(send(of_page(post_json(path, "{")))), "400 malformed-json");
    EXPECT_EQ(verdict(send(of_page(post_json(path, "{}")))), "422 validation-failed");
    EXPECT_EQ(verdict(send(of_page(post_json(path, R"({"token":"a","token":"b"})")))), "422 validation-failed");
    EXPECT_EQ(verdict(send(of_page(login(std::string(513, 'a'))))), "422 validation-failed");
}

TEST_F(OperatorSessionTest, GivenAnotherSite_ThenItCanOpenNoSession) {
    auto foreign = without(of_page(login(*config.admin_token)), "Origin");
    foreign.fields.emplace_back("Origin", "https://evil.example");
    EXPECT_EQ(verdict(send(foreign)), "403 cross-site");
    auto sibling = without(of_page(login(*config.admin_token)), "Sec-Fetch-Site");
    sibling.fields.emplace_back("Sec-Fetch-Site", "same-site");
    EXPECT_EQ(verdict(send(sibling)), "403 cross-site");
}

TEST_F(OperatorSessionTest, GivenPlainHttpFromElsewhere_ThenNoCookieTravelsInTheOpen) {
    auto plain = without(of_page(login(*config.admin_token)), "Origin");
    plain.fields.emplace_back("Origin", "http://shop.example");

    EXPECT_EQ(verdict(send(plain)), "403 https-required");
    EXPECT_EQ(verdict(send(without(of_page(login(*config.admin_token)), "Origin"))), "403 https-required");
}

TEST_F(OperatorSessionTest, GivenTheToken_ThenACookieThatScriptsAndOtherSitesCannotUse) {
    const auto response = send(of_page(login(*config.admin_token)));

    EXPECT_EQ(response.status, 201U);
    EXPECT_THAT(field(response, "Set-Cookie").value_or(""),
                AllOf(HasSubstr("__Host-orderflow-session=operator."), HasSubstr("; Path=/;"), HasSubstr("; HttpOnly"),
                      HasSubstr("; SameSite=Strict"), HasSubstr("; Secure"), HasSubstr("; Max-Age=28800"),
                      Not(HasSubstr("Domain"))));
    EXPECT_EQ(text_in(body_of(response), "role"), "operator");
    EXPECT_EQ(field(response, "Cache-Control"), "no-store");
    EXPECT_THAT(response.body, Not(HasSubstr(*config.admin_token)));
}

TEST_F(OperatorSessionTest, GivenAProgramOfThisMachine_ThenItsCookieNeedsNoTls_AndOthersCannotUseIt) {
    auto local = login(*config.admin_token);
    local.fields.emplace_back("Host", "127.0.0.1:8080");
    const auto response = send(local);
    const auto set = field(response, "Set-Cookie").value_or("");
    EXPECT_THAT(set, AllOf(HasSubstr("orderflow-session="), Not(HasSubstr("__Host-")), Not(HasSubstr("Secure"))));

    auto again = get(path);
    again.fields = {{"Host", "127.0.0.1:8080"}, {"Cookie", set.substr(0, set.find(';'))}};
    EXPECT_EQ(send(again).status, 200U);
    again.peer = "192.0.2.1";
    EXPECT_EQ(send(again).status, 401U);
}

TEST_F(OperatorSessionTest, GivenASession_ThenItLooksAndCommands) {
    const auto session = opened(*config.admin_token);

    EXPECT_EQ(send(with(get("/v1/orders"), session, false)).status, 200U);
    EXPECT_EQ(send(with(command(), session)).status, 202U);
    const auto shown = send(with(get(path), session, false));
    EXPECT_EQ(shown.status, 200U);
    EXPECT_EQ(text_in(body_of(shown), "csrf_token"), session.csrf) << "a page that is loaded again finds it here";
}

TEST_F(OperatorSessionTest, GivenACommandWithoutTheCsrfToken_OrFromAnotherSite_Then403) {
    const auto session = opened(*config.admin_token);
    auto wrong = with(command(), session, false);
    wrong.fields.emplace_back("X-CSRF-Token", session.csrf.substr(1) + "0");
    auto twice = with(command(), session);
    twice.fields.emplace_back("X-CSRF-Token", session.csrf);
    auto foreign = without(with(command(), session), "Origin");
    foreign.fields.emplace_back("Origin", "https://evil.example");
    auto led = without(with(command(), session), "Sec-Fetch-Site");
    led.fields.emplace_back("Sec-Fetch-Site", "cross-site");
    const auto other = opened(*config.admin_token);
    const auto of_another = with(command(), {session.cookie, other.csrf});

    for (const auto& request : {with(command(), session, false), wrong, twice, foreign, led, of_another}) {
        EXPECT_EQ(verdict(send(request)), "403 cross-site");
    }
    EXPECT_THAT(commands.bodies(), SizeIs(0));
}

TEST_F(OperatorSessionTest, GivenABearer_ThenItNeedsNoCsrfToken) {
    auto request = command();
    request.peer = "192.0.2.1";
    request.fields.emplace_back("Authorization", "Bearer " + *config.admin_token);

    EXPECT_EQ(send(request).status, 202U);
}

TEST_F(OperatorSessionTest, GivenASessionOfTheReader_ThenItCommandsNothing) {
    const auto session = opened(*config.admin_read_token);

    EXPECT_EQ(send(with(get("/v1/orders"), session, false)).status, 200U);
    EXPECT_EQ(verdict(send(with(command(), session))), "403 forbidden");
    auto raised = session;
    raised.cookie.replace(raised.cookie.find("=reader."), 8, "=operator.");
    EXPECT_EQ(verdict(send(with(command(), raised))), "401 unauthorized");
}

TEST_F(OperatorSessionTest, GivenTextsThatAreNoSession_Then401) {
    const auto good = opened(*config.admin_token);
    const std::string name = "__Host-orderflow-session=";
    for (const auto& value :
         {std::string(), std::string("."), std::string("operator"), std::string("operator.1.2"),
          std::string("operator.99999999999999999999.a.b"), std::string("operator.9999999999999.a."),
          good.cookie.substr(name.size() + 1), good.cookie.substr(name.size()) + "0", std::string(5000, '.')}) {
        EXPECT_EQ(send(with(get("/v1/orders"), {name + value, {}}, false)).status, 401U) << value;
    }
}

TEST_F(OperatorSessionTest, GivenItsTime_ThenItIsOver) {
    const auto session = opened(*config.admin_token);
    loop.advance(7h + 59min);
    EXPECT_EQ(send(with(get("/v1/orders"), session, false)).status, 200U);

    loop.advance(1min);

    EXPECT_EQ(send(with(get("/v1/orders"), session, false)).status, 401U);
}

// It stands in no memory: another instance knows it, and one with a new token does not.
TEST_F(OperatorSessionTest, GivenAnotherInstance_ThenASessionIsGoodThere_UnlessTheTokenIsAnotherOne) {
    const auto session = opened(*config.admin_token);
    service_.reset();
    EXPECT_EQ(send(with(command(), session)).status, 202U);

    service_.reset();
    config.admin_token = "the operator's next token";

    EXPECT_EQ(send(with(get("/v1/orders"), session, false)).status, 401U);
}

TEST_F(OperatorSessionTest, GivenItsEnd_ThenTheCookieIsTakenAway) {
    const auto session = opened(*config.admin_token);
    TestRequest end{.method = net::Method::del, .path = path};
    EXPECT_EQ(verdict(send(with(end, session, false))), "403 cross-site");

    const auto response = send(with(end, session));

    EXPECT_EQ(response.status, 204U);
    EXPECT_THAT(field(response, "Set-Cookie").value_or(""),
                AllOf(HasSubstr("__Host-orderflow-session=;"), HasSubstr("Max-Age=0"), HasSubstr("; Secure")));
    EXPECT_EQ(send(of_page(end)).status, 204U) << "harmless without one";
}

TEST_F(OperatorSessionTest, GivenNoTokenAtAll_ThenProgramsOfThisMachineAreTheOperator_WithoutASession) {
    config.admin_token.reset();
    config.admin_read_token.reset();
    auto local = get(path);
    local.fields = {{"Host", "localhost:8080"}};

    const auto response = send(local);

    EXPECT_EQ(response.body, R"({"role":"operator"})");
    EXPECT_EQ(send(of_page(login("anything"))).status, 401U);
    EXPECT_EQ(send(of_page(get(path))).status, 401U);
}

}  // namespace
}  // namespace orderflow::api
