"""A pre-publish hook over HTTP. Run it with `uvicorn fastapi_hook:app`.

POST a document to /decisions: 200 with the decision, allowed or denied; 422 with every error
where the document is malformed. The body is parsed by somepolicy, which refuses what JSON
leaves open, such as duplicate members.
"""

from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from somepolicy import InvalidDocument, evaluate, parse_json

app = FastAPI(title="somepolicy pre-publish hook")


@app.post("/decisions")
async def decide(request: Request) -> Response:
    try:
        decision = evaluate(parse_json(await request.body()))
    except InvalidDocument as error:
        errors = [
            {"code": e.code, "pointer": e.pointer, "message": e.message, "nearest": e.nearest}
            for e in error.errors
        ]
        return JSONResponse({"errors": errors}, status_code=422)
    return Response(decision.to_json(), media_type="application/json")
