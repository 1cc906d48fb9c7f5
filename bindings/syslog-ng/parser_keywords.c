/* parser_keywords.c: see parser_keywords.h. */
#include "parser_keywords.h"

#include <parser_grammar.h> /* made of parser_grammar.ym */

int parser_grammar_parse(CfgLexer *lexer, LogParser **instance, gpointer arg);

static CfgLexerKeyword keywords[] = {
    {"anonlog", KW_ANONLOG}, {"policy", KW_POLICY}, {"keyring", KW_KEYRING}, {"recipient", KW_RECIPIENT}, {"fields", KW_FIELDS}, {NULL, 0},
};

static gint parse(CfgLexer *lexer, gpointer *instance, gpointer arg) { return parser_grammar_parse(lexer, (LogParser **)instance, arg); }

static void clean_up(gpointer instance) { log_pipe_unref(instance); }

CfgParser anonlog_words = {
    .name = "anonlog",
    .keywords = keywords,
    .parse = parse,
    .cleanup = clean_up,
};

CFG_PARSER_IMPLEMENT_LEXER_BINDING(parser_grammar_, PARSER_GRAMMAR_, LogParser **)
