#include "libs/testing/postgres_server.hpp"

#include <utility>

namespace orderflow {

PostgresServer::PostgresServer(std::vector<std::string> settings)
    : node_({.directory = dir_.path(), .port = 0, .settings = std::move(settings)}) {
    node_.make();
    node_.start();
    sql("CREATE ROLE shopper LOGIN PASSWORD 'right'");
}

std::string PostgresServer::search_path() const { return "t" + std::to_string(namespaces_); }

std::string PostgresServer::socket_url(const std::string& login) const {
    return "postgresql://" + login + "@/postgres?host=" + node_.socket_directory() + "&options=-csearch_path%3D" +
           search_path();
}

std::string PostgresServer::url() {
    ++namespaces_;
    sql("CREATE SCHEMA " + search_path());
    return socket_url("superuser");
}

std::string PostgresServer::url_as(const std::string& user, const std::string& password) const {
    return socket_url(user + ":" + password);
}

std::string PostgresServer::sql(const std::string& text) const {
    return node_.sql(text, "-csearch_path=" + search_path());
}

}  // namespace orderflow
