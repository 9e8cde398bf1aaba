"""A pre-publish hook over HTTP. Run it with `uvicorn fastapi_hook:app`.

POST a document to /decisions: 200 with the decision, allowed or denied; 422 with every error
where the document is malformed. The body is parsed by somepolicy, which refuses what JSON
leaves open, such as duplicate members.
"""

from fastapi import FastAPI, Request, Response

from somepolicy import Decision, InvalidDocument, evaluate, parse_json

app = FastAPI(title="somepolicy pre-publish hook")


@app.post("/decisions")
async def decide(request: Request) -> Decision:
    return evaluate(parse_json(await request.body()))


@app.exception_handler(InvalidDocument)
def refuse(_: Request, error: InvalidDocument) -> Response:
    return Response(error.to_json(), status_code=422, media_type="application/json")
